namespace Hello;

/// <summary>One file of the page, read from Hello.dll once.</summary>
internal sealed class SiteFile(string path, string name, string contentType)
{
    private readonly byte[] _content = Read(name);

    public static SiteFile[] All { get; } =
    [
        new("/", "index.html", "text/html; charset=utf-8"),
        new("/hello.css", "hello.css", "text/css; charset=utf-8"),
        new("/balance.js", "balance.js", "text/javascript; charset=utf-8"),
        new("/demos.js", "demos.js", "text/javascript; charset=utf-8"),
        new("/hello.svg", "hello.svg", "image/svg+xml"),
    ];

    public string Path { get; } = path;

    public Task WriteAsync(HttpResponse response)
    {
        response.ContentType = contentType;
        response.ContentLength = _content.Length;
        response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.Body.WriteAsync(_content).AsTask();
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(SiteFile).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
