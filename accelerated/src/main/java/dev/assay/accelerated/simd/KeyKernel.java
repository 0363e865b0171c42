package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The half of the backward that belongs to keys: for a tile of keys, over the query heads of its
 * group and the tiles of queries that meet it, both ascending, everything transposed so that all
 * products are of one kind,
 *
 * <pre>
 * S^T = K Q^T      dP^T = V dO^T      dV += P^T dO      dK += scale dS^T Q
 * </pre>
 *
 * <p>An object is the scratch memory of one thread.
 */
final class KeyKernel implements IntConsumer {
  /** What all threads share. */
  private record Shared(
      BackwardInputs inputs,
      List<TileTask> tasks,
      Panels queriesAcross,
      Panels dOutAcross,
      Panels queries,
      Panels dOut,
      KeyGradient dk,
      KeyGradient dv) {}

  private final Shared shared;
  private final BackwardInputs inputs;
  private final AttentionProblem problem;
  private final LogitTile logitTile;
  private final KeepBits keepBits;
  private final @Nullable Dropout dropout;
  private final @Nullable Tile slopes;
  private final Tile keys;
  private final Tile values;
  private final Tile s = Tile.ofPairs();
  private final Tile ds = Tile.ofPairs();
  private final Tile kept = Tile.ofPairs();
  private final Tile dk;
  private final Tile dv;
  private final float[] lse2 = new float[EDGE];
  private final float[] delta = new float[EDGE];

  private KeyKernel(Shared shared) {
    this.shared = shared;
    this.inputs = shared.inputs();
    this.problem = inputs.problem();
    this.logitTile = new LogitTile(problem);
    this.keepBits = inputs.tiled().keepBits();
    this.dropout = Dropout.orNull(problem);
    this.slopes = logitTile.hasSlopes() ? Tile.ofPairs() : null;
    this.keys = Tile.of(problem.depth());
    this.values = Tile.of(problem.valueDepth());
    this.dk = Tile.of(problem.depth());
    this.dv = Tile.of(problem.valueDepth());
  }

  /** Adds to the gradients of K and V. */
  static void run(BackwardInputs inputs, KeyGradient dk, KeyGradient dv, Workers workers) {
    AttentionProblem problem = inputs.problem();
    List<Span> spans = inputs.spans();
    float factor = new LogitTile(problem).queryFactor();
    Shared shared =
        new Shared(
            inputs,
            TileTask.lastFirst(spans, problem.kvHeads(), Span::keyTiles).reversed(),
            Panels.transposed(inputs.q(), factor, spans, workers),
            Panels.transposed(inputs.dOut(), 1, spans, workers),
            Panels.rows(inputs.q(), spans, workers),
            Panels.rows(inputs.dOut(), spans, workers),
            dk,
            dv);
    workers.run(shared.tasks().size(), () -> new KeyKernel(shared));
  }

  @Override
  public void accept(int task) {
    TileTask mine = shared.tasks().get(task);
    Span span = mine.span();
    inputs.k().load(span, mine.head(), mine.tile(), keys, 1);
    inputs.v().load(span, mine.head(), mine.tile(), values, 1);
    Arrays.fill(dk.values(), 0);
    Arrays.fill(dv.values(), 0);
    int group = problem.heads() / problem.kvHeads();
    for (int head = mine.head() * group; head < (mine.head() + 1) * group; head++) {
      BlockRows met = inputs.tiled().queryTiles(span, head);
      for (int e = met.rowPtr()[mine.tile()]; e < met.rowPtr()[mine.tile() + 1]; e++) {
        step(new Place(span, head, met.colIdx()[e], mine.tile(), met.full()[e]));
      }
    }
    shared.dk().store(span, mine.head(), mine.tile(), dk, (float) problem.scale());
    shared.dv().store(span, mine.head(), mine.tile(), dv, 1);
  }

  private void step(Place place) {
    Span span = place.span();
    int head = place.head();
    int tile = place.queryTile();
    int rows = place.keys();
    Gemm.multiply(keys, shared.queriesAcross().at(span, head, tile), s, rows, false);
    Gemm.multiply(values, shared.dOutAcross().at(span, head, tile), ds, rows, false);
    logitTile.byKey(s, place, keepBits.byKey(place), slopes);
    boolean poisoned =
        shared.queries().poisoned(span, head, tile) || shared.dOut().poisoned(span, head, tile);
    if (poisoned) {
      System.arraycopy(s.values(), 0, kept.values(), 0, s.values().length);
    }
    if (dropout != null) {
      dropout.byKey(ds, place, null);
    }
    gradient(place);
    Gemm.multiply(ds, shared.queries().at(span, head, tile), dk, rows, true);
    if (poisoned) {
      Poison.spread(ds, kept, dk, rows, shared.queries(), span, head, tile);
    }
    if (dropout != null) {
      dropout.byKey(s, place, poisoned ? kept : null);
    }
    Gemm.multiply(s, shared.dOut().at(span, head, tile), dv, rows, true);
    if (poisoned) {
      Poison.spread(s, kept, dv, rows, shared.dOut(), span, head, tile);
    }
  }

  private void gradient(Place place) {
    int first = problem.queryRow(place.batch(), place.head(), place.firstQuery());
    System.arraycopy(inputs.statistics().lse2(), first, lse2, 0, place.queries());
    System.arraycopy(inputs.statistics().delta(), first, delta, 0, place.queries());
    LogitGradient.byKey(s, ds, lse2, delta, place.keys());
    if (inputs.biasGradient() != null) {
      inputs.biasGradient().byKey(ds, place);
    }
    if (slopes != null) {
      LogitGradient.multiplySlopes(ds, slopes, place.keys());
    }
  }
}
