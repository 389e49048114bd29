using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading.Tasks;

/// <summary>
/// Balances of a day with nothing but .NET (Framework 4.5, Mono or newer): asks, follows a 202, reads NDJSON and CSV exactly.
///
///   MKS_GATEWAY_URL, MKS_GATEWAY_KEY   where the gateway is, and the key if it wants one
///   usage: Balances YYYYMMDD MEMBER
///
/// Mind: under tr-TR decimal.Parse("4567.123") gives 4567123 without an error: there the point groups thousands.
/// Name CultureInfo.InvariantCulture and the styles each time, as Exact below does; the same for ToString.
/// Mind: decimal holds 28 digits and rounds further ones without a word; Exact refuses them. double loses digits after the fifteenth.
/// Mind: StreamReader.Peek and EndOfStream say "end" of a network stream that is only slow; Read and ReadLine do not.
/// Mind: HttpClient gives up after 100 seconds unless told otherwise.
/// Mind: ReadLine is right for NDJSON and wrong for CSV, whose cells may hold line breaks.
/// </summary>
static class Balances
{
    static readonly string Url = Env("MKS_GATEWAY_URL", "http://127.0.0.1:3000");
    static readonly string Key = Env("MKS_GATEWAY_KEY", "");
    /// <summary>Shorter than the client's time-out.</summary>
    static readonly string Wait = "wait=" + Env("WAIT", "8");
    static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
    /// <summary>For rows, of which there may be millions.</summary>
    static readonly HttpClient Patient = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };

    // With .NET 5 or newer System.Text.Json does this; the names are those of the API.
    [DataContract]
    class Row
    {
        [DataMember(Name = "isin")] public string Isin;
        [DataMember(Name = "balanceAmount")] public string BalanceAmount;
    }

    [DataContract]
    class ProblemDocument
    {
        [DataMember(Name = "type")] public string Type;
        [DataMember(Name = "title")] public string Title;
        [DataMember(Name = "detail")] public string Detail;
        [DataMember(Name = "opensAt")] public string OpensAt;
    }

    [DataContract]
    class Report
    {
        [DataMember(Name = "state")] public string State;
        [DataMember(Name = "problem")] public ProblemDocument Problem;
    }

    /// <summary>A failure as the gateway tells it (RFC 9457). Go by the type; the texts are for people.</summary>
    class Problem : Exception
    {
        public readonly ProblemDocument Document;

        public Problem(ProblemDocument document) : base(document.Detail ?? document.Title)
        {
            Document = document;
        }
    }

    static int Main(string[] args)
    {
        try
        {
            Run(args[0], args[1]).GetAwaiter().GetResult();
            return 0;
        }
        catch (Problem problem)
        {
            if (problem.Document.Type == "/problems/outside-service-hours")
            {
                Console.Error.WriteLine("MKS opens at " + problem.Document.OpensAt);
                return 3;
            }
            Console.Error.WriteLine("problem " + problem.Document.Type + ": " + problem.Message);
            return 1;
        }
    }

    static async Task Run(string date, string member)
    {
        var path = await ReportOf(date, member);
        var rows = 0;
        var ofLines = 0m;
        using (var lines = await Read(path + "/rows?format=ndjson"))
        {
            for (var line = lines.ReadLine(); line != null; line = lines.ReadLine())
            {
                ofLines = Add(ofLines, Exact(Parse<Row>(line).BalanceAmount));
                rows += 1;
            }
        }
        var ofCells = 0m;
        using (var text = await Read(path + "/rows?format=csv"))
        {
            var amount = ReadRecord(text).IndexOf("BAKIYE");
            for (var cells = ReadRecord(text); cells != null; cells = ReadRecord(text))
            {
                ofCells = Add(ofCells, Exact(cells[amount]));
            }
        }
        Console.WriteLine("report " + path.Replace("/balances/", ""));
        Console.WriteLine("rows " + rows.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine("ndjson total " + ofLines.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine("csv total " + ofCells.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The path of the ready report.</summary>
    static async Task<string> ReportOf(string date, string member)
    {
        var wish = Request(HttpMethod.Post, "/balances");
        wish.Headers.Add("Accept", "application/x-ndjson");
        wish.Headers.Add("Prefer", Wait);
        var body = "{\"processDate\":\"" + date + "\",\"member\":\"" + member + "\"}";
        wish.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await Ask(Client, wish);
        var path = answer.Headers.Location.OriginalString;
        var isReady = (int)answer.StatusCode == 200;
        while (!isReady)
        {
            var look = Request(HttpMethod.Get, path);
            look.Headers.Add("Prefer", Wait);
            var report = Parse<Report>(await (await Ask(Client, look)).Content.ReadAsStringAsync());
            isReady = report.State == "ready";
            if (!isReady && report.State != "queued" && report.State != "preparing")
            {
                throw new Problem(report.Problem ?? new ProblemDocument { Type = "about:blank", Title = report.State });
            }
        }
        return path;
    }

    static HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, Url + path);
        if (Key != "") request.Headers.Add("Authorization", "Bearer " + Key);
        return request;
    }

    static async Task<HttpResponseMessage> Ask(HttpClient client, HttpRequestMessage request)
    {
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.IsSuccessStatusCode) return answer;
        throw new Problem(Parse<ProblemDocument>(await answer.Content.ReadAsStringAsync()));
    }

    static async Task<StreamReader> Read(string path)
    {
        var answer = await Ask(Patient, Request(HttpMethod.Get, path));
        return new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8);
    }

    static T Parse<T>(string json)
    {
        using (var bytes = new MemoryStream(Encoding.UTF8.GetBytes(json)))
        {
            return (T)new DataContractJsonSerializer(typeof(T)).ReadObject(bytes);
        }
    }

    /// <summary>Every digit, or an error: decimal would round the twenty-ninth away.</summary>
    static decimal Exact(string amount)
    {
        var styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var value = decimal.Parse(amount, styles, CultureInfo.InvariantCulture);
        if (value.ToString(CultureInfo.InvariantCulture) == amount || value == 0m) return value;
        throw new OverflowException(amount + " has more digits than decimal holds: use BigInteger with a scale");
    }

    /// <summary>Exact, or an error: a sum is rounded to 28 digits as well.</summary>
    static decimal Add(decimal one, decimal other)
    {
        var sum = one + other;
        if (sum - one == other && sum - other == one) return sum;
        throw new OverflowException("the sum has more digits than decimal holds: use BigInteger with a scale");
    }

    /// <summary>One record of RFC 4180, or null at the end: quoted cells hold commas, line breaks and doubled quotes.</summary>
    static List<string> ReadRecord(TextReader text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        var before = 0;
        var next = text.Read();
        if (next < 0) return null;
        for (; next >= 0; before = next, next = text.Read())
        {
            if (next == '"')
            {
                // A doubled quote closes and opens at once, and leaves one of itself.
                if (!isQuoted && before == '"') cell.Append('"');
                isQuoted = !isQuoted;
            }
            else if (isQuoted || (next != ',' && next != '\r' && next != '\n')) cell.Append((char)next);
            else if (next == ',')
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (next == '\n') break;
        }
        cells.Add(cell.ToString());
        return cells;
    }

    static string Env(string name, string otherwise)
    {
        var value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? otherwise : value;
    }
}
