namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// What the gateway cannot pass on or does not: cases as in the corpus, each with the line of docs/deploying-an-app.md that says so.
/// </summary>
/// <param name="Documented">How the line in the docs begins.</param>
/// <param name="Line">The case.</param>
/// <param name="Wires">Over which wires.</param>
/// <param name="AppGets">A part of what the app gets; empty if it gets no request.</param>
/// <param name="ClientGets">A part of what the client gets.</param>
internal sealed record NotPassedOn(string Documented, string Line, Wire[] Wires, string AppGets, string ClientGets)
{
    private static readonly Wire[] All = Differential.Wires.All;
    private static readonly Wire[] Http1 = [Wire.Http1, Wire.Http1Tls];

    public static readonly NotPassedOn[] Cases =
    [
        new("Trailers", "200 OK | Transfer-Encoding: chunked || body ||| X-Sum: 42", Http1, "GET /\n", "\n\nbody\n"),
        new("Trailers", "POST / | Transfer-Encoding: chunked || body ||| X-Sum: 42", All, "\n\nbody\n", "200"),
        new("Trailers", "POST / || body ||| X-Sum: 42", [Wire.Http2, Wire.Http2Tls], "\n\nbody\n", "200"),
        new("A target with", "GET /%00", All, "", "400"),
        new("A target with", "GET /caf\\xC3\\xA9", Http1, "", "400"),
        new("A target with", "GET /a#b", All, "GET /a%23b\n", "200"),
        new("A target with", "OPTIONS *", Http1, "OPTIONS /\n", "200"),
        new("A target with", "GET http://hello.codius.test/a%2Fb?c HTTP/1.1", [Wire.Http1], "GET /a%2Fb?c\n", "200"),
        new("A target with", "GET http://hello.codius.test HTTP/1.1", [Wire.Http1], "GET /\n", "200"),
        new("A target with", "GET http://hello.codius.test?c HTTP/1.1", [Wire.Http1], "GET /?c\n", "200"),
        new("A method in lower case", "get /", All, "GET /\n", "200"),
        new("A reason phrase", "404 Nicht gef\\xFCnden || x", Http1, "GET /\n", "404 Nicht gef?nden"),
        new("A reason phrase", "200 || x", Http1, "GET /\n", "200 OK"),
        new("Repeated headers", "GET / | X-A: 1 | X-B: 2 | X-A: 3", All, "x-a: 1, 3\n", "200"),
        new("`Content-Length: 0`", "POST /", All, "content-length: 0\n", "200"),
        new("`Content-Length: 0`", "204 No Content | Content-Length: 0", Http1, "GET /\n", "204 No Content\ndate:"),
        new("`Alt-Svc`", "200 OK | Alt-Svc: h3=\":443\" || x", All, "GET /\n", "200"),
        new("`Proxy-Authenticate`", "GET / | Proxy-Authorization: Basic eDp5 => 407 No | Proxy-Authenticate: Basic || x", All,
            "GET /\nhost:", "407"),
        new("An upgrade", "GET / | Connection: Upgrade | Upgrade: tcp => 200 OK || x", Http1, "GET /\nhost:", "200"),
        new("Very long heads", "GET /?{a*40000}", Http1, "", "414"),
        new("Very long heads", "GET / | X-A: {x*30000} | X-B: {x*30000} | X-C: {x*30000}", Http1, "", "431"),
        new("Headers that are not valid HTTP", "200 OK | X-A: a\\x01b || x", All, "GET /\n", "502"),
        new("Headers that are not valid HTTP", "200 OK | X-A: a\\x1Bb || x", All, "GET /\n", "502"),
        new("Headers that are not valid HTTP", "200 OK | X-A: a\\x7Fb || x", All, "GET /\n", "502"),
        new("Headers that are not valid HTTP", "200 OK | X-A: {a*300000} || x", All, "GET /\n", "502"),
        new("The body of a 205", "205 Reset Content || body", All, "GET /\n", "205"),
        new("The body of a 205", "204 No Content | Content-Length: 4", All, "GET /\n", "204"),
        new("`Forwarded`", "GET / | Forwarded: for=1.2.3.4 | X-Real-IP: 1.2.3.4 | X-Forwarded-Port: 1", All, "GET /\nhost:", "200"),
        new("The gateway's own cookies", "GET / | Cookie: __Host-codius-sent=1; b=2", All, "cookie: b=2\n", "200"),
        new("The answer to a preflight",
            "OPTIONS / | Origin: https://a.example | Access-Control-Request-Method: PUT => 200 OK | X-A: b || x", All, "OPTIONS /\n", "\n\n\n"),
        new("`/.well-known/pay`", "GET /.well-known/codius/nothing", All, "", "404"),
    ];
}
