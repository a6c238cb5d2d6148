namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// The written cases, one a line, as <see cref="MessageText"/> reads them. Each is sent over every <see cref="Wire"/>, but for those
/// that only HTTP/1 can say.
/// </summary>
internal static class Corpus
{
    private const string Requests = """
        # Methods
        GET /
        HEAD / => 200 OK | Content-Length: 5
        HEAD / => 200 OK
        HEAD / => 200 OK | Transfer-Encoding: chunked
        POST / || body
        PUT / || body
        PATCH / || body
        DELETE /
        DELETE / || body
        GET / || body
        OPTIONS /
        OPTIONS / | Origin: https://shop.example || body
        TRACE /
        PROPFIND / | Depth: 1 || <propfind/>
        MKCOL /folder
        REPORT / || body
        QUERY / | Content-Type: text/plain || select
        PURGE /
        M-SEARCH /
        A!#$%&'*+-.^_`|~9 /
        {LONG*20} /
        # Targets
        GET /a%2Fb
        GET /a%252Fb
        GET /a%2fb%2Fc
        GET /a/../b
        GET /a/%2e%2e/b
        GET /..%2f..%2fetc
        GET /./a/.
        GET //
        GET //a//b//
        GET /a;p=1/b;q
        GET /a%20b
        GET /a+b
        GET /caf%C3%A9
        GET /%E9
        GET /%ff%FE
        GET /%zz
        GET /%
        GET /a%5Cb
        GET /a\b
        GET /[x]|{y}^`"<>
        GET /@:!$&'()*,=~
        GET /?
        GET /??
        GET /?a=b&a=c&=&&
        GET /?q=%2f+%20%252F
        GET /?url=http://a.example/b?c=d
        GET /?[z]|{y}"<>
        GET /?{a*4000}
        GET /{a*4000}
        GET /?q={%41*3000}
        GET /?a=%00
        GET /?{a*20000}
        GET /?q={%41*9000}
        GET /favicon.ico
        GET /robots.txt
        GET /.well-known/acme-challenge/x
        GET /services/x
        GET /ilp
        # Headers
        GET / | Cookie: n=Jos\xC3\xA9
        GET / | Cookie: n=Jos\xE9
        GET / | X-All: \x80\x81\x8D\x8F\x90\x9D\xA0\xAD\xC0\xFE\xFF
        GET / | User-Agent: \xFF\xFE agent
        GET / | Referer: https://a.example/\xFC?\xE4=\xF6
        GET / | X-Mixed: a\xC3\xA9\xE9z
        GET / | X-Tab: a\x09b
        GET / | X-Empty:
        GET / | X-Long: {x*8000}
        GET / | Cookie: {abc=def; *900}z=1
        GET / | Cookie: a={x*8192}
        GET / | X-A: {x*8000} | X-B: {x*8000} | X-C: {x*8000} | X-D: {x*8000} | X-E: {x*8000}
        GET / | Cookie: a=1; b="2 3"; c=,;; d
        GET / | Cookie: __Host-a=1; __Secure-b=2
        GET / | X-Several: one | X-Several: two | X-Several: three
        GET / | X-Several: one | X-Other: two | X-Several: three
        GET / | Accept: text/html | Accept: */*;q=0.1
        GET / | Accept: text/html, application/xhtml+xml;q=0.9, */*;q=0.8
        GET / | Via: 1.1 one | Via: 1.1 two
        GET / | Cache-Control: no-cache | Cache-Control: max-age=0 | Pragma: no-cache
        GET / | Warning: 199 - "a, b" | Warning: 199 - "c"
        GET / | X-Comma: a,b , c | X-Comma: "d, e"
        GET / | Authorization: Basic dXNlcjpw | X-Api-Key: k
        GET / | Authorization: Bearer a.b.c
        GET / | Authorization: weird, scheme="x"
        GET / | Origin: https://shop.example | Referer: https://shop.example/a
        GET / | Origin: null
        GET / | Sec-Fetch-Mode: cors | Sec-Fetch-Dest: empty | Sec-CH-UA: "a";v="1"
        GET / | Upgrade-Insecure-Requests: 1
        GET / | DNT: 1 | Sec-GPC: 1
        GET / | Accept-Encoding: gzip, deflate, br, zstd
        GET / | Accept-Language: de, en;q=0.5
        GET / | If-None-Match: "a", W/"b" => 304 Not Modified | ETag: "a"
        GET / | If-None-Match: *
        GET / | If-Match: a-tag-without-quotes
        GET / | If-Modified-Since: yesterday
        GET / | If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT
        GET / | If-Range: "a" | Range: bytes=0-1
        GET / | Date: Tue, 15 Nov 1994 08:12:31 GMT
        GET / | From: someone@example
        GET / | Max-Forwards: 10
        GET / | traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 | tracestate: a=b | baggage: c=d
        GET / | Request-Id: 1 | Correlation-Context: a=b
        GET / | Priority: u=1, i
        GET / | Early-Data: 1
        GET / | Forwarded-By: me
        GET / | X-Http-Method-Override: DELETE
        GET / | X_Underscore: 1 | x.dot: 2 | X!#$%&'*+^`|~: 3
        GET / | Allow: GET | Expires: 0 | Last-Modified: now | Content-Language: de
        GET / | Content-Type: text/plain
        GET / | Content-Encoding: gzip | Content-MD5: x | Content-Location: /x
        POST / | Content-Type: multipart/form-data; boundary="\xE9" | Content-Disposition: form-data; name="\xFC" || --
        GET / | Connection: X-Secret | X-Secret: 1
        # Bodies
        POST / | Content-Length: 0
        PUT / | Content-Length: 0
        POST / | Content-Length: 0 | Content-Type: application/json
        GET / | Content-Length: 0
        DELETE / | Content-Length: 0
        POST /
        POST / | Content-Type: text/plain
        POST / || \x00\x01\x7F\x80\xFF
        POST / || {x*40000}
        POST / | Content-Encoding: gzip || \x1F\x8B
        POST / | Transfer-Encoding: chunked || one || two || three
        POST / | Transfer-Encoding: chunked
        GET / | Transfer-Encoding: chunked || body
        DELETE / | Transfer-Encoding: chunked || body
        POST / | Transfer-Encoding: chunked || {x*40000}
        POST / | Expect: 100-continue || body
        PUT / | Expect: 100-continue | Transfer-Encoding: chunked || one || two
        """;

    private const string Answers = """
        # Status
        200 OK | Connection: close
        200 OK | Content-Length: 0
        201 Created | Location: /a%2Fb?c#d || made
        202 Accepted | Content-Length: 0
        203 Non-Authoritative Information || x
        204 No Content
        204 No Content | Content-Length: 0
        204 No Content | ETag: "a" | Access-Control-Allow-Origin: *
        205 Reset Content | Content-Length: 0
        207 Multi-Status | Content-Type: application/xml || <multistatus/>
        226 IM Used || x
        299 Whatever || x
        301 Moved Permanently | Location: https://elsewhere.example/ || moved
        302 Found | Location: //elsewhere.example/\xFC | Content-Length: 0
        303 See Other | Location: ../x | Content-Length: 0
        304 Not Modified
        304 Not Modified | ETag: "a" | Content-Length: 10 | Last-Modified: Tue, 15 Nov 1994 08:12:31 GMT
        307 Temporary Redirect | Location: /x | Content-Length: 0
        308 Permanent Redirect | Location: /x | Content-Length: 0
        400 Bad Request || no
        401 Unauthorized | WWW-Authenticate: Basic realm="a, b" | WWW-Authenticate: Negotiate || no
        402 Payment Required || the app's own
        403 Forbidden || no
        404 Not Found || no
        405 Method Not Allowed | Allow: GET, HEAD || no
        407 Proxy Authentication Required || no
        408 Request Timeout || slow
        410 Gone || no
        413 Content Too Large || no
        416 Range Not Satisfiable | Content-Range: bytes */10 || no
        418 I'm a teapot || short
        425 Too Early || no
        426 Upgrade Required || no
        429 Too Many Requests | Retry-After: 1 || slowly
        451 Unavailable For Legal Reasons || no
        499 Client Closed Request || no
        500 Internal Server Error || oops
        501 Not Implemented || no
        502 Bad Gateway || the app's own
        503 Service Unavailable | Retry-After: 120 || later
        504 Gateway Timeout || the app's own
        511 Network Authentication Required || no
        599 Custom || no
        600 Beyond || no
        999 Last || no
        # Reasons
        200 Fine with me || x
        404 Nicht gefunden || x
        200 || x
        # Ranges
        GET /f | Range: bytes=0-3 => 206 Partial Content | Content-Range: bytes 0-3/10 | Accept-Ranges: bytes || 0123
        GET /f | Range: bytes=-2 => 206 Partial Content | Content-Range: bytes 8-9/10 || 89
        GET /f | Range: bytes=0-1,4-5 => 206 Partial Content | Content-Type: multipart/byteranges; boundary=X || --X
        HEAD /f | Range: bytes=0-3 => 206 Partial Content | Content-Range: bytes 0-3/10 | Content-Length: 4
        # Headers
        200 OK | Content-Disposition: attachment; filename="\xFCbersicht.pdf" || x
        200 OK | Content-Disposition: attachment; filename="\xC3\xBCbersicht.pdf"; filename*=UTF-8''%C3%BCbersicht.pdf || x
        200 OK | X-All: \x80\x81\x8D\x8F\x90\x9D\xA0\xAD\xC0\xFE\xFF || x
        200 OK | Server: Caf\xE9/1 | X-Powered-By: \xFF || x
        200 OK | Set-Cookie: n=Jos\xE9; Path=/ | Set-Cookie: m=Jos\xC3\xA9 || x
        200 OK | Set-Cookie: a=1; Expires=Tue, 15 Nov 1994 08:12:31 GMT | Set-Cookie: b=2 | Set-Cookie: a=3; HttpOnly || x
        200 OK | Set-Cookie: __Host-a=1; Secure; Path=/ | Set-Cookie: domain=1; Domain=hello.codius.test || x
        200 OK | Set-Cookie: a={x*8192} || x
        200 OK | Content-Type: text/html; charset=iso-8859-1 || \xE4\xF6\xFC
        200 OK | Content-Type: no type at all || x
        200 OK | Content-Type: || x
        200 OK | X-Empty: || x
        200 OK | X-Tab: a\x09b || x
        200 OK | X-Several: one | X-Several: two | X-Several: three || x
        200 OK | Vary: Accept | Vary: Origin | Link: </a>; rel=preload | Link: </b>; rel=next || x
        200 OK | Cache-Control: no-store | Cache-Control: private | Pragma: no-cache | Expires: 0 | Age: 1 || x
        200 OK | Last-Modified: yesterday | ETag: unquoted | Accept-Ranges: none | Allow: GET || x
        200 OK | Date: Tue, 15 Nov 1994 08:12:31 GMT || x
        200 OK | Date: not a date || x
        200 OK | Content-Encoding: gzip || \x1F\x8Bnot really
        200 OK | Content-Language: de | Content-Language: en | Content-Location: /x | Content-MD5: x || x
        200 OK | Strict-Transport-Security: max-age=1 | Content-Security-Policy: default-src 'self' || x
        200 OK | Access-Control-Allow-Origin: https://shop.example | Access-Control-Expose-Headers: X-A || x
        200 OK | Server-Timing: db;dur=1 | Server-Timing: app;dur=2 || x
        200 OK | Via: 1.1 cache | Warning: 110 - "stale" || x
        200 OK | X-Long: {x*8000} || x
        200 OK | X_Underscore: 1 | x.dot: 2 | X!#$%&'*+^`|~: 3 || x
        200 OK | P3P: CP="a" | X-Accel-Buffering: no | X-Sendfile: /x | X-Accel-Redirect: /x || x
        200 OK | Refresh: 0; url=/x | Retry-After: later || x
        200 OK | NEL: {} | Report-To: {"group":"a"} | Clear-Site-Data: "*" || x
        200 OK | Proxy-Status: a; error=x | Cache-Status: a; hit || x
        # Bodies
        200 OK | Content-Length: 3 || abc
        200 OK || \x00\x01\x7F\x80\xFF
        200 OK || {x*200000}
        200 OK | Transfer-Encoding: chunked
        200 OK | Transfer-Encoding: chunked || one || two || three
        200 OK | Transfer-Encoding: chunked || {x*70000} || {y*70000}
        200 OK | Connection: close || until the end
        200 OK | Connection: close
        200 OK | Connection: close || {x*200000}
        200 OK | Connection: close | Content-Length: 10 || only half
        200 OK | Transfer-Encoding: chunked | Trailer: X-Sum || body ||| X-Sum: 42
        200 OK | Transfer-Encoding: chunked || body ||| X-Sum: 42 | X-Sum: 43 | X-Other: \xE9
        500 Internal Server Error | Transfer-Encoding: chunked || oops ||| X-Cause: a
        """;

    // Only HTTP/1 has these.
    private const string OfHttp1 = """
        GET / HTTP/1.0
        POST / HTTP/1.0 || body
        GET / HTTP/1.0 => 200 OK | Transfer-Encoding: chunked || one || two
        GET / | User-agent: a | uSER-Thing: b
        GET / | Connection: close
        GET / | Connection: Keep-Alive | Keep-Alive: timeout=5
        GET / | Upgrade: h2c, websocket
        GET / | TE: gzip
        GET / | Connection: Upgrade | Upgrade: websocket | Sec-WebSocket-Version: 13 => 403 Forbidden || no sockets here
        GET / | Connection: Upgrade | Upgrade: websocket | Sec-WebSocket-Version: 12 => 426 Upgrade Required || 13
        """;

    public static TheoryData<string, Wire> Cases
    {
        get
        {
            var rows = new TheoryData<string, Wire>();
            foreach (var wire in Wires.All)
                foreach (var line in Lines(Requests + "\n" + Answers + "\n" + (wire.IsHttp2() ? "" : OfHttp1))) rows.Add(line, wire);
            return rows;
        }
    }

    private static IEnumerable<string> Lines(string cases) => cases.Split('\n').Where(line => line is not ("" or ['#', ..]));
}
