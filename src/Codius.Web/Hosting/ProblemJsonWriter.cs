using System.Text.Encodings.Web;
using System.Text.Json;

namespace Codius.Web.Hosting;

/// <summary>Writes a problem as JSON, even if the client accepts only other types: an error without its cause helps no client.</summary>
internal sealed class ProblemJsonWriter : IProblemDetailsWriter
{
    public const string MediaType = "application/problem+json";

    // Apostrophes and other letters unescaped: no browser parses application/problem+json as HTML, which the stricter encoder is for.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool CanWrite(ProblemDetailsContext context) => !Navigation.IsNavigation(context.HttpContext.Request);

    public ValueTask WriteAsync(ProblemDetailsContext context) =>
        new(context.HttpContext.Response.WriteAsJsonAsync(context.ProblemDetails, Readable, MediaType, context.HttpContext.RequestAborted));
}
