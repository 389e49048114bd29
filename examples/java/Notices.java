import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes the gateway's notices (Standard Webhooks) with nothing but the JDK (11 or newer): verifies, works on each id
 * once, answers 204 or 401.
 *
 *   usage: java Notices.java SECRET_FILE [PORT]   the file holds whsec_ and base64, as the gateway's secretFile does
 *
 * Mind: signed are the bytes that came. What a JSON library makes of them is something else: verify first.
 * With Spring take the body as @RequestBody byte[].
 * Mind: String.equals and Arrays.equals stop at the first octet that differs, and their time tells a forger how far the
 * guess was right; that of MessageDigest.isEqual does not.
 * Mind: a Mac is not for two threads at once: one is made for each notice.
 */
public class Notices {
  static final long MAX_AGE_SECONDS = 300;
  /** A notice has a few thousand. What is longer is cut here, and so is not what was signed. */
  static final int MAX_BODY_BYTES = 65_536;
  /** The gateway tries a notice for a day: more than come in a day. */
  static final int MAX_IDS = 10_000;

  /** Lost with the process. Yours belong into the database, in the transaction that does the work. */
  static final Map<String, Boolean> SEEN = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MAX_IDS;
    }
  };

  static SecretKeySpec secret;

  public static void main(String[] args) throws Exception {
    secret = readSecret(Path.of(args[0]));
    int port = args.length > 1 ? Integer.parseInt(args[1]) : 9000;
    // Seconds for the whole of a request: who sends slowly keeps a thread no longer.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      try (exchange) {
        exchange.sendResponseHeaders(take(exchange), -1);
      }
    });
    server.start();
    System.out.println("listening on " + port);
  }

  /** While the secret is exchanged the gateway signs with both, so one is enough here. */
  static SecretKeySpec readSecret(Path file) throws IOException {
    String first = Files.readAllLines(file).get(0).trim();
    byte[] bytes = first.startsWith("whsec_") ? Base64.getDecoder().decode(first.substring(6)) : new byte[0];
    if (bytes.length < 16) throw new IllegalArgumentException(file + " must hold whsec_ and base64");
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  static int take(HttpExchange exchange) {
    try {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
      String id = header(exchange, "webhook-id");
      String fault = faultOf(exchange, id, body);
      if (fault != null) {
        System.err.println("refused: " + fault);
        return 401;
      }
      synchronized (SEEN) {
        if (SEEN.containsKey(id)) {
          System.out.println("again " + id);
          return 204;
        }
        work(new String(body, StandardCharsets.UTF_8));
        SEEN.put(id, true);
      }
      return 204;
    } catch (Exception error) {
      error.printStackTrace();
      return 500;
    }
  }

  /** Why the notice is not to be believed; null if it is. */
  static String faultOf(HttpExchange exchange, String id, byte[] body) throws Exception {
    String timestamp = header(exchange, "webhook-timestamp");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(secret);
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
    boolean isSigned = false;
    for (String signature : header(exchange, "webhook-signature").split(" ")) {
      isSigned |= MessageDigest.isEqual(signature.getBytes(StandardCharsets.UTF_8), expected);
    }
    if (!isSigned) return "no signature is right";
    boolean isTime = timestamp.matches("[0-9]{1,12}");
    long now = System.currentTimeMillis() / 1000;
    boolean isNear = isTime && Math.abs(now - Long.parseLong(timestamp)) <= MAX_AGE_SECONDS;
    return isNear ? null : "the timestamp is too far away";
  }

  static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  /** Your work. If it throws, the answer is 500 and the notice comes again. */
  static void work(String notice) {
    System.out.println(field(notice, "type") + " " + field(notice, "report"));
  }

  /** Enough for ids and types, which hold no escapes. With a JSON library this is its readTree. */
  static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    if (!found.find()) throw new IllegalArgumentException("a notice without " + name);
    return found.group(1);
  }
}
