package dev.assay.engine;

/**
 * Whether an engine can run on this machine.
 *
 * @param available whether it can
 * @param description what it runs on (vector width, device), or why it cannot run
 * @param remedy what a user can do about it; empty if it can run
 */
public record Availability(boolean available, String description, String remedy) {
  /** It can run on what is described. */
  public static Availability yes(String description) {
    return new Availability(true, description, "");
  }

  /** It cannot run. */
  public static Availability no(String reason, String remedy) {
    return new Availability(false, reason, remedy);
  }
}
