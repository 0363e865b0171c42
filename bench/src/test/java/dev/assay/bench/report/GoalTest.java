package dev.assay.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.bench.report.Goal.Direction;
import dev.assay.bench.report.Goal.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTest {
  @Test
  void more_is_better_for_a_share() {
    Goal goal = Goal.share("share", "dense", 0.72, 0.80);
    assertEquals(Verdict.MISSED, goal.judge(0.7199));
    assertEquals(Verdict.REACHED, goal.judge(0.72));
    assertEquals(Verdict.AIM_REACHED, goal.judge(0.80));
  }

  @Test
  void less_is_better_for_a_deviation() {
    Goal goal = Goal.deviation("intercept", "line", 0.03, 0.01);
    assertEquals(Verdict.MISSED, goal.judge(0.031));
    assertEquals(Verdict.REACHED, goal.judge(0.03));
    assertEquals(Verdict.AIM_REACHED, goal.judge(0.01));
  }

  @Test
  void without_an_aim_what_must_be_is_all() {
    assertEquals(Verdict.AIM_REACHED, Goal.deviation("residual", "line", 0.05, null).judge(0.05));
  }

  @Test
  void an_aim_alone_cannot_be_missed() {
    Goal goal = new Goal("share", "million", Unit.PERCENT, Direction.AT_LEAST, null, 0.6);
    assertEquals(Verdict.REACHED, goal.judge(0.1));
    assertEquals(Verdict.AIM_REACHED, goal.judge(0.7));
  }

  @Test
  void without_a_promise_it_is_only_reported() {
    assertEquals(Verdict.REPORTED, Goal.reported("x", "x", Unit.TIMES).judge(0));
  }

  @Test
  void not_a_number_reaches_nothing() {
    assertEquals(Verdict.MISSED, Goal.share("share", "dense", 0.72, 0.80).judge(Double.NaN));
    assertEquals(Verdict.MISSED, Goal.deviation("d", "line", 0.05, null).judge(Double.NaN));
  }

  @Test
  void numbers_are_written_in_the_unit() {
    Goal share = Goal.share("share", "dense", 0.72, 0.80);
    assertEquals("72.0 %", share.threshold(share.must()));
    assertEquals("70.0..75.5 %", share.text(Spread.of(List.of(0.755, 0.70))));
    assertEquals("<= 5.0 %", Goal.deviation("d", "line", 0.05, null).threshold(0.05));
    assertEquals("1.10x", Goal.times("ratio", "peer", 1.0, 1.1).text(1.1));
    assertEquals("-", share.text((Double) null));
  }
}
