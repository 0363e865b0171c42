//! Attention as the suite defines it (SPEC.md, section 2), row by row in f32 and without a trick.

use crate::tensors::Tensor;

/// What is asked: `q` [B, Hq, Sq, D], `k` [B, Hkv, Skv, D], `v` [B, Hkv, Skv, Dv].
pub struct Problem {
    pub q: Tensor<f32>,
    pub k: Tensor<f32>,
    pub v: Tensor<f32>,
    /// Added to the logits; broadcasts to [B, Hq, Sq, Skv], as `mask` does.
    pub bias: Option<Tensor<f32>>,
    pub mask: Option<Tensor<bool>>,
    /// Valid queries and keys of each batch entry.
    pub q_lens: Vec<i64>,
    pub k_lens: Vec<i64>,
    /// Position of query 0 among the keys, for each batch entry.
    pub offset: Vec<i64>,
    /// Keys left and right of the query's position; -1 is an open side.
    pub window: Option<(i64, i64)>,
    pub causal: bool,
    pub scale: f32,
    /// 0 for none.
    pub softcap: f32,
}

impl Problem {
    /// Says in one sentence what does not fit together, so that `forward` never reads beyond an end.
    pub fn check(&self) -> Result<(), String> {
        let ([b, hq, sq, d], [bk, hkv, skv, dk]) = (self.q.extents()?, self.k.extents()?);
        let [bv, hv, sv, dv] = self.v.extents()?;
        if [bk, bv, dk, hv, sv] != [b, b, d, hkv, skv] {
            let (q, k, v) = (&self.q.shape, &self.k.shape, &self.v.shape);
            return Err(format!("q {q:?}, k {k:?} and v {v:?} do not fit together"));
        }
        if [b, hq, hkv, sq, skv, d, dv].contains(&0) {
            return Err("q, k and v must not be empty".to_string());
        }
        if hq % hkv != 0 {
            return Err(format!("{hq} query heads are no multiple of {hkv} key heads"));
        }
        if let Some(bias) = &self.bias {
            bias.broadcasts_to([b, hq, sq, skv])?;
        }
        if let Some(mask) = &self.mask {
            mask.broadcasts_to([b, hq, sq, skv])?;
        }
        if self.offset.len() != b {
            return Err(format!("{:?} are not {b} offsets", self.offset));
        }
        for (name, lengths, most) in [("q_lens", &self.q_lens, sq), ("k_lens", &self.k_lens, skv)] {
            if lengths.len() != b || lengths.iter().any(|&n| n < 0 || n > most as i64) {
                return Err(format!("{name} must be {b} numbers of 0..{most}, not {lengths:?}"));
            }
        }
        Ok(())
    }

    /// Whether key `j` is allowed for query `i` of head `h` of batch entry `b`.
    fn keeps(&self, [b, h, i, j]: [usize; 4]) -> bool {
        let (key, position) = (j as i64, i as i64 + self.offset[b]);
        let (left, right) = self.window.unwrap_or((-1, -1));
        (i as i64) < self.q_lens[b]
            && key < self.k_lens[b]
            && (!self.causal || key <= position)
            && (left < 0 || key >= position - left)
            && (right < 0 || key <= position + right)
            && self.mask.as_ref().is_none_or(|mask| mask.at([b, h, i, j]))
    }

    /// The logit of a kept pair.
    fn logit(&self, [b, h, i, j]: [usize; 4]) -> f32 {
        let (query, key) = (self.q.row(b, h, i), self.k.row(b, self.key_head(h), j));
        let mut s = self.scale * query.iter().zip(key).map(|(x, y)| x * y).sum::<f32>();
        if self.softcap != 0.0 {
            s = self.softcap * (s / self.softcap).tanh();
        }
        s + self.bias.as_ref().map_or(0.0, |bias| bias.at([b, h, i, j]))
    }

    /// The head of `k` and `v` that query head `h` reads.
    fn key_head(&self, h: usize) -> usize {
        h / (self.q.shape[1] / self.k.shape[1])
    }
}

/// `out` [B, Hq, Sq, Dv] and `lse` [B, Hq, Sq]; a query that keeps no key has 0 and -inf there.
pub fn forward(problem: &Problem) -> (Tensor<f32>, Tensor<f32>) {
    let (q, k, v) = (&problem.q.shape, &problem.k.shape, &problem.v.shape);
    let mut out = Vec::with_capacity(q[0] * q[1] * q[2] * v[3]);
    let mut lse = Vec::with_capacity(q[0] * q[1] * q[2]);
    for b in 0..q[0] {
        for h in 0..q[1] {
            for i in 0..q[2] {
                // Pairs that are not kept are left out, never multiplied by 0: they may hold a NaN.
                let logits: Vec<(usize, f32)> = (0..k[2])
                    .filter(|&j| problem.keeps([b, h, i, j]))
                    .map(|j| (j, problem.logit([b, h, i, j])))
                    .filter(|&(_, s)| s != f32::NEG_INFINITY)
                    .collect();
                let largest = logits.iter().fold(f32::NEG_INFINITY, |m, &(_, s)| m.max(s));
                let sum: f32 = logits.iter().map(|&(_, s)| (s - largest).exp()).sum();
                let mut row = vec![0.0; v[3]];
                for &(j, s) in &logits {
                    let p = (s - largest).exp() / sum;
                    let value = problem.v.row(b, problem.key_head(h), j);
                    row.iter_mut().zip(value).for_each(|(o, x)| *o += p * x);
                }
                out.extend(row);
                lse.push(if logits.is_empty() { f32::NEG_INFINITY } else { largest + sum.ln() });
            }
        }
    }
    (Tensor::new(&[q[0], q[1], q[2], v[3]], out), Tensor::new(&q[..3], lse))
}
