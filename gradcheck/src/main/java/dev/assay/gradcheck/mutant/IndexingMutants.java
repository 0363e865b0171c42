package dev.assay.gradcheck.mutant;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import java.util.List;
import java.util.stream.Stream;

/** Something is read or written where something else lies. */
final class IndexingMutants {
  private IndexingMutants() {}

  private static Mutant mutant(String id, String fault, IndexLines wrong, String... upstream) {
    return Mutant.of(id, MutantFamily.INDEXING, fault, Lines.with(wrong), upstream);
  }

  static List<Mutant> all() {
    return Stream.of(heads(), strides(), tables(), tiles(), lists()).flatMap(List::stream).toList();
  }

  private static List<Mutant> heads() {
    return List.of(
        mutant(
            "M48",
            "Query head h reads key head h modulo H_kv: heads are tiled, not repeated.",
            new IndexLines() {
              @Override
              int kvHead(int h, int heads, int kvHeads) {
                return h % kvHeads;
              }
            },
            "onnx/onnx#7274",
            "apple/axlearn#842"),
        mutant(
            "M49",
            "All query heads read key head 0.",
            new IndexLines() {
              @Override
              int kvHead(int h, int heads, int kvHeads) {
                return 0;
              }
            }),
        mutant(
            "M50",
            "All heads have the listed blocks or chunks of head 0.",
            new IndexLines() {
              @Override
              int mapHead(int h) {
                return 0;
              }
            }));
  }

  private static List<Mutant> strides() {
    return List.of(
        mutant(
            "M51",
            "All batch entries read the keys of the first.",
            new IndexLines() {
              @Override
              int keyRow(int b, int kvHead, int j, int kvHeads, int keys) {
                return kvHead * keys + j;
              }
            }),
        mutant(
            "M52",
            "Keys are read as [tokens, heads] though they lie as [heads, tokens].",
            new IndexLines() {
              @Override
              int keyRow(int b, int kvHead, int j, int kvHeads, int keys) {
                return (b * keys + j) * kvHeads + kvHead;
              }
            },
            "pytorch/pytorch#187506"),
        mutant(
            "M53",
            "Offsets wrap at 2^10, as 32-bit products do at 2^31.",
            new IndexLines() {
              @Override
              int start(int row, int width) {
                return row * width & 1023;
              }
            },
            "fla-org/native-sparse-attention#15",
            "thu-ml/SageAttention#386",
            "SHI-Labs/NATTEN#347"),
        mutant(
            "M54",
            "The last query row is written where the one before it lies.",
            new IndexLines() {
              @Override
              int queryRow(int b, int h, int i, int heads, int queries) {
                return (b * heads + h) * queries + Math.max(0, Math.min(i, queries - 2));
              }
            },
            "facebookresearch/xformers#1124"));
  }

  private static List<Mutant> tables() {
    return List.of(
        mutant(
            "M55",
            "Bias and mask of head 0 serve all heads.",
            new IndexLines() {
              @Override
              int broadcastHead(int h, int extent) {
                return 0;
              }
            }),
        mutant(
            "M56",
            "Bias and mask of the first batch entry serve all.",
            new IndexLines() {
              @Override
              int broadcastBatch(int b, int extent) {
                return 0;
              }
            }),
        mutant(
            "M57",
            "Bias and mask of the first query serve all.",
            new IndexLines() {
              @Override
              int broadcastQuery(int i, int extent) {
                return 0;
              }
            }),
        mutant(
            "M58",
            "Pages are looked up in the row of the first batch entry.",
            new IndexLines() {
              @Override
              int page(int[][] table, int b, int j, int pageSize) {
                return table[0][j / pageSize];
              }
            }),
        mutant(
            "M59",
            "A key's logical page is taken for its physical one.",
            new IndexLines() {
              @Override
              int page(int[][] table, int b, int j, int pageSize) {
                return j / pageSize;
              }
            }));
  }

  private static List<Mutant> tiles() {
    return List.of(
        mutant(
            "M60",
            "The last tile is not visited unless it is full.",
            new IndexLines() {
              @Override
              int tiles(int keys, int block) {
                return keys / block;
              }
            }),
        mutant(
            "M61",
            "The first tile is visited twice, the last not at all.",
            new IndexLines() {
              @Override
              int tile(int t) {
                return Math.max(0, t - 1);
              }
            }),
        mutant(
            "M62",
            "A chunk does not meet itself.",
            new IndexLines() {
              @Override
              boolean ownChunk(boolean own) {
                return false;
              }
            }),
        mutant(
            "M63",
            "Chunks begin one token late.",
            new IndexLines() {
              @Override
              int chunk(int i, int size) {
                return Math.max(0, i - 1) / size;
              }
            }));
  }

  private static List<Mutant> lists() {
    return List.of(
        mutant(
            "M64",
            "The table of blocks is transposed.",
            new IndexLines() {
              @Override
              BlockRows rows(BlockMask mask, int b, int h, int heads) {
                return mask.transposed(b, h, heads);
              }
            }),
        mutant(
            "M65",
            "The last block of each list is not visited.",
            new IndexLines() {
              @Override
              int listEnd(int[] rowPtr, int row) {
                return rowPtr[row + 1] - 1;
              }
            }),
        mutant(
            "M66",
            "The row pointer is off by one: a list begins at its second block.",
            new IndexLines() {
              @Override
              int listBegin(int[] rowPtr, int row) {
                return rowPtr[row] + 1;
              }
            }),
        mutant(
            "M67",
            "An empty list is read as one of a junk entry.",
            new IndexLines() {
              @Override
              int listEnd(int[] rowPtr, int row) {
                return Math.max(rowPtr[row + 1], rowPtr[row] + 1);
              }
            }),
        mutant(
            "M68",
            "Listed blocks are counted from 1, and the -1 that comes of it is read as the last block.",
            new IndexLines() {
              @Override
              int listed(int[] colIdx, int e, int keyBlocks) {
                return Math.floorMod(colIdx[e] - 1, keyBlocks);
              }
            }),
        mutant(
            "M69",
            "Blocks of queries have 128 tokens whatever the mask says.",
            new IndexLines() {
              @Override
              int queryBlock(int[] bounds, int i) {
                return i / 128;
              }
            },
            "kuleshov-group/bd3lms#23"));
  }
}
