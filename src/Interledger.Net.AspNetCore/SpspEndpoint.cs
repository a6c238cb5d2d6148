using System.Text.Json;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Interledger.Net.AspNetCore;

/// <summary>The server side of SPSP (RFC 9), with CORS for any origin.</summary>
/// <remarks>
/// 200 with the response · 400 for a receipt nonce without its secret, or one of them malformed · 404 <c>InvalidReceiverError</c> ·
/// 406 if the query does not accept <c>application/spsp4+json</c> · 204 for a preflight.
/// </remarks>
public static class SpspEndpoint
{
    /// <summary>Maps an endpoint for SPSP queries at <paramref name="pattern"/>.</summary>
    /// <param name="endpoints">The route builder to add the endpoint to.</param>
    /// <param name="pattern">The path, as in <c>/.well-known/pay</c>.</param>
    /// <param name="handler">Makes the responses.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    public static IEndpointConventionBuilder MapSpsp(this IEndpointRouteBuilder endpoints, string pattern, SpspHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Options], context => AnswerAsync(context, handler));
    }

    /// <summary>Whether a request is an SPSP query, rather than for another resource at the same URL.</summary>
    /// <param name="request">The request.</param>
    /// <returns>
    /// True if <c>Accept</c> names <c>application/spsp4+json</c> anywhere: <c>@interledger/pay</c> names another type first.
    /// </returns>
    public static bool IsSpsp(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var accepted in request.Headers.Accept)
            if (accepted?.Contains(SpspResponse.MediaType, StringComparison.OrdinalIgnoreCase) == true) return true;
        return false;
    }

    private static async Task AnswerAsync(HttpContext context, SpspHandler handler)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.Vary = "Accept";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            headers.AccessControlAllowMethods = "GET, OPTIONS";
            // Sent by pages with Web Monetization of 2020.
            headers.AccessControlAllowHeaders = "web-monetization-id, receipt-nonce, receipt-secret";
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (!context.Request.IsSpsp())
        {
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }

        headers.CacheControl = "no-cache";
        var request = context.Request.Headers;
        if (!ReceiptSetup.TryParse(request[ReceiptSetup.NonceHeader], request[ReceiptSetup.SecretHeader], out var receipts, out var error))
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestError",
                $"Receipt-Nonce (16 bytes) and Receipt-Secret (32) go together, in base64 ({error}).");
        else if (await handler(context, receipts) is { } answer)
            await WriteAsync(context, answer);
        else
            await RefuseAsync(context, StatusCodes.Status404NotFound, "InvalidReceiverError", "There is no such receiver.");
    }

    private static async Task WriteAsync(HttpContext context, SpspResponse answer)
    {
        var body = answer.ToUtf8Json();
        context.Response.ContentType = SpspResponse.MediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, string id, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = SpspResponse.MediaType;
        await JsonSerializer.SerializeAsync(context.Response.Body, new { id, message }, cancellationToken: context.RequestAborted);
    }
}
