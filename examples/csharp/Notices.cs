using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography;
using System.Text;
using System.Threading;

/// <summary>
/// Takes the gateway's notices (Standard Webhooks) with nothing but .NET (Framework 4.5, Mono or newer): verifies,
/// works on each id once, answers 204 or 401.
///
///   usage: Notices SECRET_FILE [PORT]   the file holds whsec_ and base64, as the gateway's secretFile does
///
/// Mind: signed are the bytes that came. What a JSON library makes of them is something else: verify first.
/// With ASP.NET Core read Request.Body yourself instead of taking a [FromBody] model.
/// Mind: == and SequenceEqual stop at the first octet that differs, and their time tells a forger how far the guess
/// was right. .NET Core has CryptographicOperations.FixedTimeEquals; for Framework and Mono it is written out below.
/// Mind: Windows, without an administrator's rights: netsh http add urlacl url=http://127.0.0.1:9000/ user=DOMAIN\user
/// </summary>
static class Notices
{
    const long MaxAgeSeconds = 300;
    /// <summary>A notice has a few thousand. What is longer is cut here, and so is not what was signed.</summary>
    const int MaxBodyBytes = 65536;
    /// <summary>The gateway tries a notice for a day: more than come in a day.</summary>
    const int MaxIds = 10000;

    /// <summary>Lost with the process. Yours belong into the database, in the transaction that does the work.</summary>
    static readonly HashSet<string> Seen = new HashSet<string>(StringComparer.Ordinal);
    static readonly Queue<string> Oldest = new Queue<string>();
    static byte[] secret;

    // With .NET 5 or newer System.Text.Json does this; the names are those of the notice.
    [DataContract]
    class Notice
    {
        [DataMember(Name = "type")] public string Type;
        [DataMember(Name = "data")] public NoticeData Data;
    }

    [DataContract]
    class NoticeData
    {
        [DataMember(Name = "report")] public string Report;
    }

    static void Main(string[] args)
    {
        secret = ReadSecret(args[0]);
        var port = args.Length > 1 ? args[1] : "9000";
        var listener = new HttpListener();
        listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
        listener.Start();
        Console.WriteLine("listening on " + port);
        while (true)
        {
            var context = listener.GetContext();
            // On a thread of the pool: who sends slowly does not keep the others.
            ThreadPool.QueueUserWorkItem(_ => Answer(context));
        }
    }

    /// <summary>While the secret is exchanged the gateway signs with both, so one is enough here.</summary>
    static byte[] ReadSecret(string file)
    {
        var first = File.ReadAllLines(file)[0].Trim();
        var isMarked = first.StartsWith("whsec_", StringComparison.Ordinal);
        var bytes = isMarked ? Convert.FromBase64String(first.Substring(6)) : new byte[0];
        if (bytes.Length < 16) throw new FormatException(file + " must hold whsec_ and base64");
        return bytes;
    }

    static void Answer(HttpListenerContext context)
    {
        try
        {
            int status;
            try
            {
                status = Take(context.Request);
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                status = 500;
            }
            context.Response.StatusCode = status;
            context.Response.Close();
        }
        catch (Exception)
        {
            // The other side is gone. It sends the notice again, and an exception here would end the process.
            context.Response.Abort();
        }
    }

    static int Take(HttpListenerRequest request)
    {
        var body = ReadBody(request.InputStream);
        var id = request.Headers["webhook-id"] ?? "";
        var fault = FaultOf(request, id, body);
        if (fault != null)
        {
            Console.Error.WriteLine("refused: " + fault);
            return 401;
        }
        lock (Seen)
        {
            if (Seen.Contains(id))
            {
                Console.WriteLine("again " + id);
                return 204;
            }
            Work(body);
            Seen.Add(id);
            Oldest.Enqueue(id);
            if (Seen.Count > MaxIds) Seen.Remove(Oldest.Dequeue());
        }
        return 204;
    }

    static byte[] ReadBody(Stream stream)
    {
        var bytes = new byte[MaxBodyBytes];
        var length = 0;
        // Read gives what is there, not what was asked for; 0 is the end.
        for (var read = -1; read != 0 && length < bytes.Length; length += read)
        {
            read = stream.Read(bytes, length, bytes.Length - length);
        }
        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <summary>Why the notice is not to be believed; null if it is.</summary>
    static string FaultOf(HttpListenerRequest request, string id, byte[] body)
    {
        var timestamp = request.Headers["webhook-timestamp"] ?? "";
        var signed = new MemoryStream();
        var head = Encoding.UTF8.GetBytes(id + "." + timestamp + ".");
        signed.Write(head, 0, head.Length);
        signed.Write(body, 0, body.Length);
        string expected;
        using (var hmac = new HMACSHA256(secret))
        {
            expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(signed.ToArray()));
        }
        var isSigned = false;
        foreach (var signature in (request.Headers["webhook-signature"] ?? "").Split(' '))
        {
            isSigned |= FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(expected));
        }
        if (!isSigned) return "no signature is right";
        long seconds;
        var isTime = long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
        var now = (long)(DateTime.UtcNow - new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds;
        var isNear = isTime && seconds >= now - MaxAgeSeconds && seconds <= now + MaxAgeSeconds;
        return isNear ? null : "the timestamp is too far away";
    }

    /// <summary>Looks at every octet, whatever it finds; the compiler must not make it cleverer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    static bool FixedTimeEquals(byte[] one, byte[] other)
    {
        if (one.Length != other.Length) return false;
        var difference = 0;
        for (var at = 0; at < one.Length; at++) difference |= one[at] ^ other[at];
        return difference == 0;
    }

    /// <summary>Your work. If it throws, the answer is 500 and the notice comes again.</summary>
    static void Work(byte[] body)
    {
        var notice = (Notice)new DataContractJsonSerializer(typeof(Notice)).ReadObject(new MemoryStream(body));
        Console.WriteLine(notice.Type + " " + notice.Data.Report);
    }
}
