using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace Codius.Web.Hosting;

/// <summary>
/// Writes a problem where the framework or the server would answer with a status alone. Other answers without a body stay as they
/// are: an endpoint that writes one, such as the 401 of 2020 or those of <c>/ilp</c>, intends it.
/// </summary>
internal static class BareAnswers
{
    private static readonly Problem TooSlow = new(408, "body-too-slow", "The request's body came too slowly",
        "The server gave up waiting for the rest of it. Send the request again, over a faster connection.");

    private static readonly Problem TooLarge = new(413, "body-too-large", "The request's body is too large",
        "This URL does not take so much. Send a smaller body.");

    private static readonly Problem HeadersTooLarge = new(431, "headers-too-large", "The request's headers are too large",
        "Send fewer or shorter headers; in a browser, delete this site's cookies.");

    private static readonly Problem Internal = new(500, "internal-error", "The host failed at this request",
        "This is a fault of the host, which has logged it. Try again later, and tell the host's owner if it happens again.");

    public static IApplicationBuilder UseProblemsForBareAnswers(this IApplicationBuilder table) =>
        table
            .UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = context => Problems.WriteAsync(context, Of(context.Features.Get<IExceptionHandlerFeature>()!.Error)),
                // A client's mistake is not an error of the host and not logged as one.
                SuppressDiagnosticsCallback = thrown => thrown.Exception is BadHttpRequestException,
            })
            .UseStatusCodePages(answer => answer.HttpContext.Response.StatusCode switch
            {
                405 => Problems.WriteAsync(answer.HttpContext, WrongMethod(answer.HttpContext.Response.Headers.Allow)),
                415 => Problems.WriteAsync(answer.HttpContext, WrongContentType(answer.HttpContext.Response.Headers.Accept)),
                _ => Task.CompletedTask,
            });

    private static Problem WrongMethod(StringValues allowed) => new(405, "method-not-allowed", "This URL does not take this method",
        $"It takes {allowed}. Send the request again with a method that it takes.");

    private static Problem WrongContentType(StringValues accepted) =>
        new(415, "unsupported-media-type", "This URL does not take this content type", accepted.Count > 0
            ? $"It takes {accepted}. Send the body as that, and name it in Content-Type."
            : "Send the body in the form that the description of this URL names, and name it in Content-Type.");

    private static Problem Of(Exception error) => error is not BadHttpRequestException bad ? Internal : bad.StatusCode switch
    {
        408 => TooSlow,
        413 => TooLarge,
        415 => WrongContentType(StringValues.Empty),
        431 => HeadersTooLarge,
        var status =>
            new Problem(status, "bad-request", "This request cannot be read", $"{bad.Message} Correct the request and send it again."),
    };
}
