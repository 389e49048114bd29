import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Balances of a day with nothing but the JDK (11 or newer): asks, follows a 202, reads NDJSON and CSV exactly.
 *
 *   MKS_GATEWAY_URL, MKS_GATEWAY_KEY   where the gateway is, and the key if it wants one
 *   usage: java Balances.java YYYYMMDD MEMBER
 *
 * Mind: new BigDecimal(text) keeps every digit and knows no language. Double loses digits, and NumberFormat under tr-TR
 * reads 4567.123 as 4567123 without an error: there the point groups thousands.
 * Mind: toUpperCase() under tr-TR makes İ of i; toUpperCase(Locale.ROOT) does not.
 * Mind: BufferedReader.readLine is right for NDJSON and wrong for CSV, whose cells may hold line breaks.
 */
public class Balances {
  static final String URL = env("MKS_GATEWAY_URL", "http://127.0.0.1:3000");
  static final String KEY = env("MKS_GATEWAY_KEY", "");
  static final Duration TIMEOUT = Duration.ofSeconds(10);
  /** Shorter than the time-out above. */
  static final String WAIT = "wait=" + env("WAIT", "8");
  static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** A failure as the gateway tells it (RFC 9457). Go by the type; the texts are for people. */
  static class Problem extends Exception {
    final String type;
    final String document;

    Problem(String document) {
      super(field(document, "detail"));
      this.type = field(document, "type");
      this.document = document;
    }
  }

  public static void main(String[] args) throws Exception {
    try {
      run(args[0], args[1]);
    } catch (Problem problem) {
      if (problem.type.equals("/problems/outside-service-hours")) {
        System.err.println("MKS opens at " + field(problem.document, "opensAt"));
        System.exit(3);
      }
      System.err.println("problem " + problem.type + ": " + problem.getMessage());
      System.exit(1);
    }
  }

  static void run(String date, String member) throws Exception {
    String path = reportOf(date, member);
    int rows = 0;
    BigDecimal ofLines = BigDecimal.ZERO;
    try (BufferedReader lines = new BufferedReader(read(path + "/rows?format=ndjson"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ofLines = ofLines.add(new BigDecimal(field(line, "balanceAmount")));
        rows += 1;
      }
    }
    BigDecimal ofCells = BigDecimal.ZERO;
    try (Reader text = new BufferedReader(read(path + "/rows?format=csv"))) {
      int amount = readRecord(text).indexOf("BAKIYE");
      for (List<String> cells = readRecord(text); cells != null; cells = readRecord(text)) {
        ofCells = ofCells.add(new BigDecimal(cells.get(amount)));
      }
    }
    System.out.println("report " + path.replace("/balances/", ""));
    System.out.println("rows " + rows);
    System.out.println("ndjson total " + ofLines.toPlainString());
    System.out.println("csv total " + ofCells.toPlainString());
  }

  /** The path of the ready report. */
  static String reportOf(String date, String member) throws Exception {
    String body = "{\"processDate\":\"" + date + "\",\"member\":\"" + member + "\"}";
    HttpRequest.Builder wish = request("/balances", TIMEOUT)
        .header("Content-Type", "application/json")
        .header("Accept", "application/x-ndjson")
        .header("Prefer", WAIT)
        .POST(HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<InputStream> answer = ask(wish);
    answer.body().close();
    String path = answer.headers().firstValue("Location").orElseThrow();
    boolean isReady = answer.statusCode() == 200;
    while (!isReady) {
      String report = textOf(ask(request(path, TIMEOUT).header("Prefer", WAIT)));
      String state = field(report, "state");
      isReady = state.equals("ready");
      if (!isReady && !state.equals("queued") && !state.equals("preparing")) {
        int at = report.indexOf("\"problem\":");
        throw new Problem(at < 0 ? "{\"type\":\"about:blank\",\"detail\":\"" + state + "\"}" : report.substring(at));
      }
    }
    return path;
  }

  static HttpRequest.Builder request(String path, Duration timeout) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(URL + path)).timeout(timeout);
    return KEY.isEmpty() ? builder : builder.header("Authorization", "Bearer " + KEY);
  }

  static HttpResponse<InputStream> ask(HttpRequest.Builder builder) throws Exception {
    HttpResponse<InputStream> answer = CLIENT.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() >= 400) throw new Problem(textOf(answer));
    return answer;
  }

  static Reader read(String path) throws Exception {
    return new InputStreamReader(ask(request(path, Duration.ofMinutes(10))).body(), StandardCharsets.UTF_8);
  }

  static String textOf(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The first text of that name. The JDK reads no JSON; yours is Jackson or Gson, which read the amounts as the texts they are. */
  static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
    return found.find() ? found.group(1).replaceAll("\\\\([\"\\\\/])", "$1") : "";
  }

  /** One record of RFC 4180, or null at the end: quoted cells hold commas, line breaks and doubled quotes. */
  static List<String> readRecord(Reader text) throws IOException {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    int before = 0;
    int next = text.read();
    if (next < 0) return null;
    for (; next >= 0; before = next, next = text.read()) {
      if (next == '"') {
        // A doubled quote closes and opens at once, and leaves one of itself.
        if (!isQuoted && before == '"') cell.append('"');
        isQuoted = !isQuoted;
      } else if (isQuoted || (next != ',' && next != '\r' && next != '\n')) {
        cell.append((char) next);
      } else if (next == ',') {
        cells.add(cell.toString());
        cell.setLength(0);
      } else if (next == '\n') {
        break;
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  static String env(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
