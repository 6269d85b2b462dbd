-- Which members are gone is asked for each address that a listing names; a member has its whole content in its row.
CREATE INDEX member_gone ON member (row, gone) WHERE gone IS NOT NULL;
