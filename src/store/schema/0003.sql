-- What changed since a time, in the order it did: what follows the store (a static copy) need not look at the rest.
CREATE INDEX article_changed ON article (source, changed);
