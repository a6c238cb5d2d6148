using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpenPayments.Net.Requests;

/// <summary>Writes answers and errors, readable from any origin and never cached.</summary>
internal static class Answers
{
    public static Task WriteAsync(HttpContext context, int status, JsonNode json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, OpenPaymentsError error, string? authServer = null)
    {
        if (authServer is not null && error.Status is 401 or 403) context.Response.Headers.WWWAuthenticate = $"GNAP as_uri={authServer}";
        return WriteAsync(context, error.Status, new JsonObject
        {
            ["error"] = new JsonObject { ["code"] = error.Code, ["description"] = error.Description },
        });
    }

    public static void OpenToAll(HttpResponse response)
    {
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>Answers a CORS preflight.</summary>
    public static Task PreflightAsync(HttpContext context)
    {
        OpenToAll(context.Response);
        context.Response.Headers.AccessControlAllowMethods = "GET, POST, DELETE";
        context.Response.Headers.AccessControlAllowHeaders = "authorization, content-digest, content-type, signature, signature-input";
        context.Response.Headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
