package dev.assay.cli;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.Mechanism;
import dev.assay.study.LeakAudit;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay audit}: do later tokens reach earlier rows. */
@Command(
    name = "audit",
    header = "Changes one token after the other and looks whether earlier rows of the output move.",
    description = {
      "On every case whose mechanism is configured causally and has as many queries as keys. No bit",
      "of an earlier row may change, except where the mechanism says that it leaks, as some are",
      "known to: there a leak must be seen."
    },
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Mechanisms, by id; all of them unless named.")
  private List<String> ids = List.of();

  @Option(names = "--details", description = "A line for each case.")
  private boolean details;

  private int cases;
  private int wrong;

  @Override
  public Integer call() {
    PrintWriter print = spec.commandLine().getOut();
    print.printf("%-28s %6s %7s  %s%n", "mechanism", "cases", "tokens", "verdict");
    for (Mechanism mechanism : mechanisms()) {
      audit(mechanism, print);
    }
    print.printf("%d cases, %d not as said%n", cases, wrong);
    print.flush();
    if (cases == 0) {
      return ExitCode.NOTHING_RUN;
    }
    return wrong > 0 ? ExitCode.MISMATCH : ExitCode.PASS;
  }

  private List<Mechanism> mechanisms() {
    try {
      return ids.isEmpty()
          ? MechanismCatalog.all()
          : ids.stream().map(MechanismCatalog::find).toList();
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(spec.commandLine(), unknown.getMessage() + ".", unknown);
    }
  }

  private void audit(Mechanism mechanism, PrintWriter print) {
    int tight = 0;
    int leaky = 0;
    int tokens = 0;
    int off = 0;
    int seen = 0;
    String reason = "";
    for (Case one : mechanism.cases()) {
      if (!one.mechanism().causal() || one.roles().equals(EnumSet.of(Role.BENCH))) {
        continue;
      }
      Optional<LeakAudit> audit = LeakAudit.of(one.mechanism(), one.tensors());
      if (audit.isEmpty() || audit.get().tokens() < 1) {
        continue;
      }
      boolean leaks = !audit.get().leaks().isEmpty();
      tokens += audit.get().tokens();
      if (one.mechanism().leak().isEmpty()) {
        tight++;
        off += leaks ? 1 : 0;
      } else {
        leaky++;
        seen += leaks ? 1 : 0;
        reason = one.mechanism().leak();
      }
      if (details || (leaks && one.mechanism().leak().isEmpty())) {
        print.printf("  %s: %s%n", one.name(), leaks ? audit.get().leaks().getFirst() : "no leak");
      }
    }
    off += leaky > 0 && seen == 0 ? 1 : 0;
    cases += tight + leaky;
    wrong += off;
    print.printf(
        "%-28s %6d %7d  %s%n",
        mechanism.id(), tight + leaky, tokens, verdict(tight, leaky, off, reason));
  }

  private static String verdict(int tight, int leaky, int off, String reason) {
    if (tight + leaky == 0) {
      return "no causal form";
    }
    String known =
        leaky == 0
            ? ""
            : String.format(Locale.ROOT, "leaks as known in %d cases: %s", leaky, reason);
    String said = tight == 0 ? known : "no leak" + (known.isEmpty() ? "" : "; " + known);
    return off == 0 ? said : "NOT AS SAID (" + off + ")" + (known.isEmpty() ? "" : "; " + known);
  }
}
