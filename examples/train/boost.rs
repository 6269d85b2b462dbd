//! Gradient boosting of regression trees on the logistic loss (Friedman 2001), with histograms, grown leaf by leaf.

use crate::{Doc, PARTS};

pub struct Settings {
    trees: usize,
    leaves: usize,
    rate: f64,
    min_weight: f64,
    lambda: f64,
    columns: f64,
    rows: f64,
}

impl Settings {
    pub fn from_env() -> Self {
        let get = |name: &str, default: f64| {
            std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
        };
        Self {
            trees: get("TREES", 100.0) as usize,
            leaves: get("LEAVES", 16.0) as usize,
            rate: get("RATE", 0.12),
            min_weight: get("MINW", 30.0),
            lambda: get("LAMBDA", 20.0),
            columns: get("COLS", 0.35),
            rows: get("ROWS", 0.7),
        }
    }
}

#[derive(Clone)]
pub enum Tree {
    Leaf(f64),
    Split { column: usize, bin: u8, value: f32, gain: f64, below: Box<Tree>, above: Box<Tree> },
}

#[derive(Clone)]
pub struct Model {
    base: f64,
    trees: Vec<Tree>,
}

/// Column-wise bins of all rows.
struct Data {
    bins: Vec<Vec<u8>>,
    edges: Vec<Vec<f32>>,
    labels: Vec<f64>,
    weights: Vec<f64>,
    parts: Vec<usize>,
}

/// A small generator, so that a run can be repeated (Marsaglia's xorshift).
struct Dice(u64);

/// Where the dice begin.
pub const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Predicts each part by a model learned from the others; gives these predictions and the model learned from all.
pub fn cross(docs: &[Doc], rows: &[Vec<Vec<f32>>], settings: &Settings) -> (Vec<Vec<f32>>, Model) {
    let data = bin(docs, rows);
    let parts: Vec<usize> = (0..=PARTS).collect();
    let mut models: Vec<(usize, Model)> = Vec::new();
    std::thread::scope(|scope| {
        let (left, right) = parts.split_at(PARTS / 2 + 1);
        let work = |parts: Vec<usize>| {
            parts.into_iter().map(|part| (part, learn(&data, part, settings))).collect::<Vec<_>>()
        };
        let (left, right) = (left.to_vec(), right.to_vec());
        let other = scope.spawn(move || work(left));
        models.extend(work(right));
        models.extend(other.join().expect("learning does not panic"));
    });
    models.sort_by_key(|(part, _)| *part);
    let predictions = docs
        .iter()
        .zip(rows)
        .map(|(doc, rows)| rows.iter().map(|row| predict(&models[doc.part].1, row)).collect())
        .collect();
    let model = models.pop().expect("there is one model more than parts").1;
    (predictions, model)
}

fn bin(docs: &[Doc], rows: &[Vec<Vec<f32>>]) -> Data {
    let width = rows.iter().flatten().next().map_or(0, Vec::len);
    let mut data = Data {
        bins: Vec::new(),
        edges: Vec::new(),
        labels: Vec::new(),
        weights: Vec::new(),
        parts: Vec::new(),
    };
    for doc in docs {
        for (label, weight) in doc.labels.iter().zip(&doc.weights) {
            data.labels.push(f64::from(u8::from(*label >= 0.5)));
            data.weights.push(f64::from(*weight));
            data.parts.push(doc.part);
        }
    }
    for column in 0..width {
        let mut values: Vec<f32> = rows.iter().flatten().map(|row| row[column]).collect();
        let copy = values.clone();
        values.sort_by(f32::total_cmp);
        let mut edges: Vec<f32> = Vec::new();
        for step in 1..BINS {
            let at = values.len() * step / BINS;
            let (low, high) = (values[at - usize::from(at > 0)], values[at]);
            let edge = if low < high { (low + high) / 2.0 } else { high };
            if edges.last().is_none_or(|last| edge > *last) && edge < values[values.len() - 1] {
                edges.push(edge);
            }
        }
        data.bins.push(copy.iter().map(|value| edges.partition_point(|edge| edge < value) as u8).collect());
        data.edges.push(edges);
    }
    data
}

pub fn predict(model: &Model, row: &[f32]) -> f32 {
    let mut sum = model.base;
    for tree in &model.trees {
        let mut tree = tree;
        sum += loop {
            match tree {
                Tree::Leaf(value) => break *value,
                Tree::Split { column, value, below, above, .. } => {
                    tree = if row[*column] > *value { above } else { below };
                }
            }
        };
    }
    (1.0 / (1.0 + (-sum).exp())) as f32
}

fn learn(data: &Data, without: usize, settings: &Settings) -> Model {
    let all: Vec<u32> =
        (0..data.labels.len() as u32).filter(|at| data.parts[*at as usize] != without).collect();
    let weight: f64 = all.iter().map(|at| data.weights[*at as usize]).sum();
    let positive: f64 = all.iter().map(|at| data.weights[*at as usize] * data.labels[*at as usize]).sum();
    let base = (positive / (weight - positive)).ln();
    let mut scores = vec![base; data.labels.len()];
    let mut dice = Dice(SEED);
    let mut model = Model { base, trees: Vec::new() };
    for _ in 0..settings.trees {
        let mut gradients = vec![(0.0_f32, 0.0_f32); data.labels.len()];
        for at in &all {
            let at = *at as usize;
            let p = 1.0 / (1.0 + (-scores[at]).exp());
            gradients[at] = (
                ((p - data.labels[at]) * data.weights[at]) as f32,
                (p * (1.0 - p) * data.weights[at]) as f32,
            );
        }
        let sample: Vec<u32> = all.iter().copied().filter(|_| dice.roll() < settings.rows).collect();
        let columns: Vec<usize> = (0..data.bins.len()).filter(|_| dice.roll() < settings.columns).collect();
        let tree = grow(data, &gradients, sample, &columns, settings);
        for at in &all {
            scores[*at as usize] += value_of(&tree, data, *at as usize);
        }
        model.trees.push(tree);
    }
    model
}

fn value_of(tree: &Tree, data: &Data, at: usize) -> f64 {
    let mut tree = tree;
    loop {
        match tree {
            Tree::Leaf(value) => return *value,
            Tree::Split { column, bin, below, above, .. } => {
                tree = if data.bins[*column][at] > *bin { above } else { below };
            }
        }
    }
}

/// A leaf that may yet be split.
struct Open {
    rows: Vec<u32>,
    sum: (f64, f64),
    best: Option<(f64, usize, u8)>,
    node: usize,
    /// Gradient and hessian by column and bin.
    histogram: Vec<[(f64, f64); BINS]>,
}

const BINS: usize = 64;

fn grow(
    data: &Data,
    gradients: &[(f32, f32)],
    rows: Vec<u32>,
    columns: &[usize],
    settings: &Settings,
) -> Tree {
    // (split, children): a leaf has no split.
    let mut nodes: Vec<Option<Split>> = vec![None];
    let first = histogram(data, gradients, &rows, columns);
    let mut open = vec![open_leaf(data, rows, columns, settings, 0, first)];
    while open.len() < settings.leaves {
        let Some((at, _)) = open
            .iter()
            .enumerate()
            .filter_map(|(at, leaf)| leaf.best.map(|best| (at, best.0)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        else {
            break;
        };
        let leaf = open.swap_remove(at);
        let Some((gain, column, bin)) = leaf.best else { break };
        let (above, below): (Vec<u32>, Vec<u32>) =
            leaf.rows.iter().partition(|row| data.bins[column][**row as usize] > bin);
        let children = (nodes.len(), nodes.len() + 1);
        nodes[leaf.node] = Some((column, bin, gain, children.0, children.1));
        nodes.extend([None, None]);
        let below_is_small = below.len() < above.len();
        let small = histogram(data, gradients, if below_is_small { &below } else { &above }, columns);
        let mut large = leaf.histogram;
        for (slots, less) in large.iter_mut().zip(&small) {
            for (slot, less) in slots.iter_mut().zip(less) {
                slot.0 -= less.0;
                slot.1 -= less.1;
            }
        }
        let (of_below, of_above) = if below_is_small { (small, large) } else { (large, small) };
        open.push(open_leaf(data, below, columns, settings, children.0, of_below));
        open.push(open_leaf(data, above, columns, settings, children.1, of_above));
    }
    let mut values = vec![0.0; nodes.len()];
    for leaf in &open {
        values[leaf.node] = -leaf.sum.0 / (leaf.sum.1 + settings.lambda) * settings.rate;
    }
    build(data, &nodes, &values, 0)
}

/// Column, bin, gain, and the places of the children below and above.
type Split = (usize, u8, f64, usize, usize);

fn build(data: &Data, nodes: &[Option<Split>], values: &[f64], at: usize) -> Tree {
    match nodes[at] {
        None => Tree::Leaf(values[at]),
        Some((column, bin, gain, below, above)) => Tree::Split {
            column,
            bin,
            value: data.edges[column][bin as usize],
            gain,
            below: Box::new(build(data, nodes, values, below)),
            above: Box::new(build(data, nodes, values, above)),
        },
    }
}

fn histogram(
    data: &Data,
    gradients: &[(f32, f32)],
    rows: &[u32],
    columns: &[usize],
) -> Vec<[(f64, f64); BINS]> {
    let mut all = vec![[(0.0, 0.0); BINS]; columns.len()];
    for (slots, column) in all.iter_mut().zip(columns) {
        let bins = &data.bins[*column];
        for row in rows {
            let slot = &mut slots[bins[*row as usize] as usize];
            let (g, h) = gradients[*row as usize];
            slot.0 += f64::from(g);
            slot.1 += f64::from(h);
        }
    }
    all
}

fn open_leaf(
    data: &Data,
    rows: Vec<u32>,
    columns: &[usize],
    settings: &Settings,
    node: usize,
    histogram: Vec<[(f64, f64); BINS]>,
) -> Open {
    let sum = histogram.first().map_or((0.0, 0.0), |slots| {
        slots.iter().fold((0.0, 0.0), |all, slot| (all.0 + slot.0, all.1 + slot.1))
    });
    let mut best: Option<(f64, usize, u8)> = None;
    let worth = |g: f64, h: f64| g * g / (h + settings.lambda);
    for (slots, column) in histogram.iter().zip(columns) {
        let (mut g, mut h) = (0.0, 0.0);
        for (bin, slot) in slots.iter().enumerate().take(data.edges[*column].len()) {
            g += slot.0;
            h += slot.1;
            if h < settings.min_weight || sum.1 - h < settings.min_weight {
                continue;
            }
            let gain = worth(g, h) + worth(sum.0 - g, sum.1 - h) - worth(sum.0, sum.1);
            if gain > 1e-6 && best.is_none_or(|best| gain > best.0) {
                best = Some((gain, *column, bin as u8));
            }
        }
    }
    Open { rows, sum, best, node, histogram }
}

/// Prints what the model looks at most.
pub fn importance(model: &Model, names: &[String]) {
    fn walk(tree: &Tree, gains: &mut [f64]) {
        if let Tree::Split { column, gain, below, above, .. } = tree {
            gains[*column] += gain;
            walk(below, gains);
            walk(above, gains);
        }
    }
    let mut gains = vec![0.0; names.len()];
    for tree in &model.trees {
        walk(tree, &mut gains);
    }
    let all: f64 = gains.iter().sum();
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|a, b| gains[*b].total_cmp(&gains[*a]));
    let top: Vec<String> =
        order.iter().take(25).map(|at| format!("{} {:.1}%", names[*at], gains[*at] / all * 100.0)).collect();
    println!("  looks at: {}", top.join(", "));
}

/// The trees as text, as `Classifier::read` takes them.
pub fn write(model: &Model) -> String {
    fn walk(tree: &Tree, out: &mut String) {
        match tree {
            Tree::Leaf(value) => {
                out.push_str(&format!("={value:.4} "));
            }
            Tree::Split { column, value, below, above, .. } => {
                out.push_str(&format!("{column}<{value} "));
                walk(below, out);
                walk(above, out);
            }
        }
    }
    let mut out = format!("{}\n", model.base);
    for tree in &model.trees {
        walk(tree, &mut out);
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}
