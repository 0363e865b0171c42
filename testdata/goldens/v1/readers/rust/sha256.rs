//! SHA-256 (FIPS 180-4).

/// The first 32 bits of the fractional parts of the roots of the first primes.
fn constants<const N: usize>(root: impl Fn(f64) -> f64) -> [u32; N] {
    let primes = (2u32..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0));
    let mut words = [0; N];
    for (word, prime) in words.iter_mut().zip(primes) {
        *word = (root(f64::from(prime)).fract() * 4_294_967_296.0) as u32;
    }
    words
}

fn block(state: &mut [u32; 8], chunk: &[u8], k: &[u32; 64]) {
    let mut w = [0u32; 64];
    for (word, bytes) in w.iter_mut().zip(chunk.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, &byte| word << 8 | u32::from(byte));
    }
    let turned = |x: u32, n: [u32; 3]| n.map(|n| x.rotate_right(n)).iter().fold(0, |a, b| a ^ b);
    let shifted =
        |x: u32, n: [u32; 2], s: u32| x.rotate_right(n[0]) ^ x.rotate_right(n[1]) ^ x >> s;
    for t in 16..64 {
        let (s0, s1) = (shifted(w[t - 15], [7, 18], 3), shifted(w[t - 2], [17, 19], 10));
        w[t] = w[t - 16].wrapping_add(s0).wrapping_add(w[t - 7]).wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for t in 0..64 {
        let choice = (e & f) ^ (!e & g);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        let first = [turned(e, [6, 11, 25]), choice, k[t], w[t]];
        let first = first.iter().fold(h, |sum, &x| sum.wrapping_add(x));
        let second = turned(a, [2, 13, 22]).wrapping_add(majority);
        (h, g, f, e, d, c, b, a) =
            (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
    }
    for (word, x) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(x);
    }
}

/// The digest in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend((bytes.len() as u64 * 8).to_be_bytes());
    let (mut state, k) = (constants(f64::sqrt), constants(f64::cbrt));
    padded.chunks_exact(64).for_each(|chunk| block(&mut state, chunk, &k));
    state.iter().map(|word| format!("{word:08x}")).collect()
}
