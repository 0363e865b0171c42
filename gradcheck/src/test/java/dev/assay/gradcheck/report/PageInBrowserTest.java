package dev.assay.gradcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The page of a verdict, clicked through in Chromium, where there is one. */
class PageInBrowserTest {
  private static final int MANY = 10_000;

  @TempDir private static Path folder = Path.of("");
  private static @Nullable ChromeDriver browser;

  @BeforeAll
  static void open() {
    Optional<Path> chromium =
        found("chromium").or(() -> found("chromium-browser")).or(() -> found("google-chrome"));
    Optional<Path> driver = found("chromedriver");
    assumeTrue(
        chromium.isPresent() && driver.isPresent(), "skipped: not there: chromium, chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--window-size=1200,900");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.get().toFile())
                .usingAnyFreePort()
                .build(),
            options);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static Optional<Path> found(String program) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Arrays.stream(path.split(File.pathSeparator))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static ChromeDriver page(String html) throws IOException {
    Path file = Files.writeString(folder.resolve("report.html"), html);
    ChromeDriver chrome = Objects.requireNonNull(browser);
    chrome.get(file.toUri().toString());
    return chrome;
  }

  private static List<WebElement> cases(ChromeDriver chrome) {
    return chrome.findElements(By.cssSelector("details.case"));
  }

  @Test
  void a_failing_case_opens_to_its_numbers_heat_map_and_histogram() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.failing()));
    assertEquals("Something handed in could not be judged.", text(chrome, "outcome"));
    WebElement first = cases(chrome).getFirst();
    first.findElement(By.tagName("summary")).click();
    String inside = first.findElement(By.className("inside")).getText();
    assertTrue(inside.contains("worst at") && inside.contains("./assay x"), inside);
    assertFalse(first.findElements(By.cssSelector(".heat td[title]")).isEmpty());
    assertFalse(first.findElements(By.cssSelector("svg rect.over")).isEmpty());
  }

  @Test
  void what_a_kernel_says_is_text_and_never_markup() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.failing()));
    search(chrome, "odd");
    WebElement odd = cases(chrome).getFirst();
    odd.findElement(By.tagName("summary")).click();
    assertTrue(odd.getText().contains("odd & <tags> </script> 100 %"), odd.getText());
  }

  @Test
  void filters_and_search_leave_what_fits() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.failing()));
    int all = cases(chrome).size();
    chrome.findElement(By.cssSelector("input[value=not_attempted]")).click();
    assertEquals(all / 3 * 2, cases(chrome).size());
    chrome.findElement(By.cssSelector("input[value=malformed]")).click();
    assertEquals(all / 3, cases(chrome).size());
    search(chrome, "no such case");
    assertEquals("No case fits.", text(chrome, "count"));
  }

  @Test
  void ten_thousand_cases_are_shown_in_pages_the_wrong_one_first() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.many(MANY)));
    assertTrue(text(chrome, "count").startsWith(MANY + " of " + MANY), text(chrome, "count"));
    assertEquals(200, cases(chrome).size());
    assertTrue(cases(chrome).getFirst().getText().startsWith("failed"));
    chrome.findElement(By.id("more")).click();
    assertEquals(400, cases(chrome).size());
  }

  @Test
  void a_cell_of_the_matrix_leads_to_the_cases_of_the_family() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.failing()));
    WebElement cell = chrome.findElement(By.cssSelector("#matrix button"));
    assertTrue(String.valueOf(cell.getAccessibleName()).startsWith("heads, mine: 0 of "));
    cell.sendKeys(Keys.ENTER);
    assertEquals("heads", chrome.findElement(By.id("family")).getDomProperty("value"));
    assertEquals("cases", chrome.switchTo().activeElement().getDomProperty("id"));
  }

  @Test
  void it_can_be_used_with_the_keyboard_alone() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.failing()));
    chrome.switchTo().activeElement().sendKeys(Keys.TAB);
    assertEquals("Skip to the cases", chrome.switchTo().activeElement().getText());
    chrome.switchTo().activeElement().sendKeys(Keys.ENTER);
    chrome.switchTo().activeElement().sendKeys(Keys.TAB);
    WebElement summary = chrome.switchTo().activeElement();
    assertEquals("summary", summary.getTagName());
    summary.sendKeys(Keys.ENTER);
    assertFalse(chrome.findElements(By.cssSelector("details.case[open] .inside")).isEmpty());
  }

  @Test
  void light_and_dark_are_a_button_apart() throws IOException {
    ChromeDriver chrome = page(Format.HTML.write(Verdicts.failing()));
    String light = background(chrome);
    chrome.findElement(By.id("theme")).click();
    String dark = background(chrome);
    assertFalse(light.equals(dark), light);
    assertEquals("true", chrome.findElement(By.id("theme")).getDomAttribute("aria-pressed"));
  }

  private static String background(ChromeDriver chrome) {
    return chrome.findElement(By.tagName("body")).getCssValue("background-color");
  }

  private static void search(ChromeDriver chrome, String words) {
    chrome.findElement(By.id("text")).sendKeys(words);
  }

  private static String text(ChromeDriver chrome, String id) {
    return chrome.findElement(By.id(id)).getText();
  }
}
