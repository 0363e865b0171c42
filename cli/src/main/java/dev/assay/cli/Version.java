package dev.assay.cli;

import picocli.CommandLine.IVersionProvider;

/** Which Assay on which Java: the first two things that a report of a fault needs. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String built = Assay.class.getPackage().getImplementationVersion();
    return new String[] {
      "assay " + (built == null ? "(not run from its jar)" : built),
      "Java " + Runtime.version() + " (" + System.getProperty("java.vm.vendor") + ")",
    };
  }
}
