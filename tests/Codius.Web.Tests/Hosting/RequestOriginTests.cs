using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Codius.Web.Tests.Hosting;

/// <summary>Which <c>Origin</c> is compared and echoed.</summary>
public sealed class RequestOriginTests
{
    [Theory]
    [InlineData("https://shop.example")]
    [InlineData("http://localhost:8080")]
    [InlineData("https://xn--bcher-kva.example")]
    [InlineData("http://[::1]:3000")]
    [InlineData("moz-extension://0b1a3a5c-2a2e-4a55-9d0b-0123456789ab")]
    [InlineData("null")]
    public void An_origin_in_ascii_is_one(string origin)
    {
        var context = Of(origin);
        Assert.False(RequestOrigin.IsMalformed(context.Request));
        Assert.True(RequestOrigin.Is(context.Request, origin));
        RequestOrigin.Show(context, "Link");
        Assert.Equal((origin, "true", "Origin"), (context.Response.Headers.AccessControlAllowOrigin.ToString(),
            context.Response.Headers.AccessControlAllowCredentials.ToString(), context.Response.Headers.Vary.ToString()));
    }

    [Theory]
    [InlineData("https://b\u00FCcher.example")]
    [InlineData("https://b\u00C3\u00BCcher.example")]
    [InlineData("https://shop.example/")]
    [InlineData("https://shop.example/path")]
    [InlineData("https://user@shop.example")]
    [InlineData("https://shop.example:port")]
    [InlineData("https://a.example https://b.example")]
    [InlineData("https://shop.example\n")]
    [InlineData("shop.example")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("https://a.example", "https://b.example")]
    public void Anything_else_is_not(params string[] origins)
    {
        var context = Of(origins);
        Assert.True(RequestOrigin.IsMalformed(context.Request));
        Assert.False(RequestOrigin.Is(context.Request, origins[0]));
        RequestOrigin.Show(context, "Link");
        Assert.Equal("Origin", context.Response.Headers.Vary);
        Assert.Equal(0, context.Response.Headers.AccessControlAllowOrigin.Count);
    }

    private static DefaultHttpContext Of(params string[] origins)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Origin = new StringValues(origins);
        return context;
    }
}
