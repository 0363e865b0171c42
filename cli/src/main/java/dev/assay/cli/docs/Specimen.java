package dev.assay.cli.docs;

import dev.assay.mechanism.Mechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The small example of a mechanism whose picture stands in the documentation, as words of the
 * command line that draws it.
 *
 * @param mechanism its id
 * @param options what stands behind the id, apart by blanks
 */
public record Specimen(String mechanism, String options) {
  /** Enough for whoever looks the same at every size. */
  private static final String ANY = "--n 48";

  /**
   * Sizes at which the structure shows: a few blocks of a few tokens. One head where all are alike.
   */
  private static final Map<String, String> CHOSEN =
      Map.ofEntries(
          Map.entry("dense", "--set causal=true --n 48 --heads 1"),
          Map.entry("sliding-window", "--set window=8 --n 48 --heads 1"),
          Map.entry(
              "block-sparse", "--set blockQ=4 --set blockK=4 --set causal=true --n 48 --heads 2"),
          Map.entry("sparse-transformer", "--set combination=HEADS --n 48 --heads 2"),
          Map.entry("longformer", "--set window=8 --n 48 --heads 1 --of output"),
          Map.entry("big-bird", "--n 48 --heads 2"),
          Map.entry("block-local", "--set block=6 --n 48 --heads 1"),
          Map.entry(
              "deep-speed-layout",
              "--set block=2 --set unidirectional=true --set differentLayoutPerHead=true"
                  + " --set numDifferentGlobalPatterns=4 --n 48 --heads 2"),
          Map.entry("s2-attention", "--set stride=3 --n 60 --heads 2"),
          Map.entry("hierarchical-chunking", "--set causal=true --n 64 --heads 1"),
          Map.entry(
              "head-gate", "--set granularity=TOKEN --set theta=0.5 --set causal=true --n 48"),
          Map.entry(
              "linear-transformer",
              "--set causal=true --n 48 --heads 2 --of output --show weights"),
          Map.entry(
              "linear-recurrence", "--set keys=UNIT --n 48 --heads 2 --of output --show weights"),
          Map.entry("performer", "--set causal=true --n 48 --heads 2 --of output --show weights"),
          Map.entry("linformer", "--n 40 --heads 1 --show weights"),
          Map.entry("nystromformer", "--n 40 --heads 1 --show weights"),
          Map.entry("anchor-attention", "--n 48 --heads 2"),
          Map.entry("moba", "--n 64 --heads 2"),
          Map.entry("scored-blocks", "--set causal=true --n 64 --heads 2"),
          Map.entry("native-sparse-attention", "--n 64 --heads 2 --of output"),
          Map.entry("seer-attention", "--set forceDiagonal=true --n 64 --heads 2"),
          Map.entry("seer-attention-r", "--n 64 --heads 2"),
          Map.entry("deepseek-sparse-attention", "--set topK=8 --n 48 --heads 1"),
          Map.entry("streaming-llm", "--n 48 --heads 1"),
          Map.entry(
              "long-net", "--set segments=8,16,48 --set ratios=1,2,4 --n 48 --heads 2 --of output"),
          Map.entry("reformer", "--set chunk=8 --set rounds=1 --n 48 --heads 2"),
          Map.entry("routing-transformer", "--set window=12 --n 48 --heads 2 --of output"),
          Map.entry(
              "informer",
              "--set factor=3 --set lazy=MEAN --set causal=true --n 48 --heads 2 --of output"),
          Map.entry("mosa", "--set sparsity=3 --n 48 --heads 2"),
          Map.entry("moh", "--set shared=1 --set taken=1 --set causal=true --n 48 --heads 3"),
          Map.entry("quest", "--set page=4 --set budget=16 --set minPages=1 --n 64 --heads 2"),
          Map.entry("h2o", "--n 48 --heads 2"),
          Map.entry("psa", "--set block=4 --set epsilon=0.1 --n 64 --heads 2"),
          Map.entry(
              "sparge-attention",
              "--set blockQ=8 --set blockK=4 --set warpRows=8 --set simThreshold=0.3 --set cdf=0.9"
                  + " --set causal=true --n 64 --heads 2"),
          Map.entry(
              "ada-spa", "--set block=4 --set sparsity=0.7 --set causal=true --n 64 --heads 2"),
          Map.entry("lspg", "--set local=4 --set globals=2 --set causal=true --n 48 --heads 2"),
          Map.entry(
              "cao",
              "--set local=8 --set strength=0.5 --set causal=true --n 48 --heads 2 --show weights"),
          Map.entry(
              "adaptive-sparse-attention",
              "--set generator=local=4,globals=2 --set causal=true --n 48 --heads 2"),
          Map.entry("transformer-xl", "--set sameLength=16 --n 48 --heads 1"),
          Map.entry("transformer-ls", "--set causal=true --set chunk=8 --n 48 --heads 1"),
          Map.entry(
              "h-transformer-1d", "--set block=4 --set causal=true --n 64 --heads 1 --of output"),
          Map.entry(
              "flex-prefill",
              "--set block=4 --set minBudget=8 --set gamma=0.7 --set tau=0.3 --n 64 --heads 2"),
          Map.entry(
              "gated-chunking", "--set gateOver=CHUNK --set theta=0.5 --set causal=true --n 64"),
          Map.entry(
              "m-inference",
              "--set vertical=6 --set slash=10 --set probe=2 --set firstColumns=2"
                  + " --set nearDiagonals=2 --set minSlash=1 --n 48 --d 8 --heads 2 --seed 3"),
          Map.entry("lam", "--set causal=true --n 48 --heads 1"),
          Map.entry(
              "adaptive-sparse-block",
              "--set size=8 --set k=3 --set causal=true --n 64 --heads 2"));

  /** The specimen of a mechanism; any size where none was chosen. */
  public static Specimen of(Mechanism mechanism) {
    return new Specimen(mechanism.id(), CHOSEN.getOrDefault(mechanism.id(), ANY));
  }

  /** Where the picture is, below the project's root. */
  String file() {
    return "docs/pictures/" + mechanism + ".svg";
  }

  /** What stands behind the verb draw. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of(mechanism));
    words.addAll(List.of(options.split(" ", -1)));
    words.addAll(List.of("--out", file()));
    return words;
  }

  /** The command that draws it. */
  public String command() {
    return "./assay draw " + String.join(" ", words());
  }
}
