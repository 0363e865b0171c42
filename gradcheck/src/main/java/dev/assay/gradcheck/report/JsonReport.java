package dev.assay.gradcheck.report;

import dev.assay.file.Json;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.guess.Failure;
import dev.assay.gradcheck.stage.Attribution;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.HeatMap;
import dev.assay.gradcheck.verdict.Histogram;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.gradcheck.verdict.SubjectVerdict;
import dev.assay.gradcheck.verdict.TensorVerdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A verdict as one JSON document; {@code report.schema.json} describes it. Values that may be NaN
 * or infinite are text.
 */
final class JsonReport {
  static final String SCHEMA = "assay-report-1";
  private static final int WORST = 5;

  private JsonReport() {}

  static String of(RunVerdict verdict) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("schema", SCHEMA);
    document.put("suite", verdict.suite());
    document.put("failed", verdict.failed());
    document.put("malformed", verdict.malformed());
    document.put("nothingRun", verdict.nothingRun());
    document.put("subjects", verdict.subjects().stream().map(JsonReport::subject).toList());
    document.put("absent", verdict.absent());
    document.put("notes", verdict.notes());
    return Json.mapper().writeValueAsString(document) + "\n";
  }

  private static Map<String, Object> subject(SubjectVerdict subject) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("subject", subject.subject());
    node.put("class", subject.precision().id());
    node.put("description", subject.description());
    Map<String, Object> counts = new LinkedHashMap<>();
    for (Status status : Status.values()) {
      counts.put(word(status), subject.count(status));
    }
    counts.put("tensors", subject.tensors());
    counts.put("elements", subject.elements());
    node.put("counts", counts);
    node.put("tightness", number(subject.tightness()));
    Map<String, Object> histograms = new LinkedHashMap<>();
    subject.histograms().forEach((tensor, histogram) -> histograms.put(tensor, node(histogram)));
    node.put("histograms", histograms);
    node.put("gates", subject.gates().stream().map(JsonReport::gate).toList());
    node.put("cases", subject.cases().stream().map(JsonReport::one).toList());
    return node;
  }

  private static Map<String, Object> gate(GateLine line) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("gate", line.gate());
    node.put("tensor", line.tensor());
    node.put("outcome", line.outcome().name().toLowerCase(Locale.ROOT));
    node.put("text", line.text());
    return node;
  }

  private static Map<String, Object> one(CaseVerdict verdict) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("name", verdict.golden().name());
    node.put("tcId", verdict.golden().tcId());
    node.put("mechanism", verdict.golden().mechanism().id());
    node.put("flags", verdict.golden().flags());
    node.put("comment", verdict.golden().comment());
    node.put("status", word(verdict.status()));
    node.put("reason", verdict.reason());
    Attribution stage = verdict.stage();
    if (stage != null) {
      node.put("stage", stage.document());
    }
    node.put("tensors", verdict.tensors().stream().map(JsonReport::tensor).toList());
    node.put("unsupported", verdict.unsupported());
    node.put("replay", verdict.replay());
    return node;
  }

  private static Map<String, Object> tensor(TensorVerdict tensor) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("name", tensor.tensor());
    node.put("elements", tensor.elements());
    node.put("failing", tensor.failing());
    node.put("unbounded", tensor.unbounded());
    node.put("tightness", number(tensor.tightness()));
    node.put("rms", number(tensor.rms()));
    Failure failure = tensor.failure();
    if (failure != null) {
      node.put("guesses", tensor.guesses());
      node.put("first", element(failure, failure.compared().failures()[0]));
      List<Integer> worst = failure.compared().worst(WORST);
      node.put("histogram", node(tensor.histogram()));
      node.put("heat", heat(HeatMap.of(failure)));
      node.put("worst", worst.stream().map(position -> element(failure, position)).toList());
    }
    return node;
  }

  private static Map<String, Object> node(Histogram histogram) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("bound", histogram.bound());
    node.put("ulps", histogram.ulps());
    return node;
  }

  private static Map<String, Object> heat(HeatMap map) {
    Map<String, Object> rows = new LinkedHashMap<>();
    map.rows().forEach(row -> rows.put(row.name(), row.failing()));
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("token", map.token());
    node.put("block", map.block());
    node.put("elements", map.elements());
    node.put("rows", rows);
    node.put("clean", map.clean());
    return node;
  }

  private static Map<String, Object> element(Failure failure, int position) {
    Comparison compared = failure.compared();
    Map<String, Object> node = new LinkedHashMap<>();
    Map<String, Object> index = new LinkedHashMap<>();
    int[] at = failure.axes().shape().index(position);
    for (int axis = 0; axis < at.length; axis++) {
      index.put(failure.axes().names().get(axis), at[axis]);
    }
    node.put("index", index);
    node.put("value", number(compared.value().get(position)));
    node.put("golden", number(compared.golden().get(position)));
    node.put("bound", number(compared.bound().get(position)));
    node.put("ratio", number(compared.ratio(position)));
    node.put("ulps", number(compared.ulps(position)));
    return node;
  }

  private static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : Double.toString(value);
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
