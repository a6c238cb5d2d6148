using System.Globalization;
using System.Security.Cryptography;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Codius.Sandbox.Ui;

/// <summary>Renders the wallet's page and handles its forms.</summary>
internal sealed class WalletPages(StateStore store, PaymentDesk desk, PlayMoney money, SandboxSettings settings, IServiceProvider services,
    ILoggerFactory logs)
{
    // Long enough for a single payment on one machine to end, short enough for a streaming one to appear as running.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    public Task ShowAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var latest = store.History.Find(query["payment"]);
        return WriteAsync(context, StatusCodes.Status200OK, nonce => View(nonce) with
        {
            // The last payee is likely to be paid again.
            To = latest?.Pointer ?? query["pay"].ToString(),
            Amount = query["amount"].ToString(),
            Latest = latest is null ? null : Line(latest),
        });
    }

    public async Task PayAsync(HttpContext context)
    {
        if (!await IsOwnFormAsync(context)) return;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (pointer, amount, perSecond) = (form["pointer"].ToString().Trim(), form["amount"].ToString().Trim(), form["per"] == "second");
        var toFault = Payee.TryRead(pointer, settings, out var payee)
            ? ""
            : "That is not a payment pointer, such as $hello.localhost, or a wallet address.";
        var balance = store.Books.BalanceOf(Holder.Visitor);
        var amountFault = !money.TryParse(amount, out var units)
            ? $"Write an amount above 0, such as 0.01, with at most {settings.AssetScale} decimals."
            : units > balance ? $"The wallet holds {money.FormatWithCode(balance)}. Fill it up, or pay less."
            : "";
        if (payee is null || amountFault.Length > 0)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, nonce => View(nonce) with
            {
                To = pointer,
                Amount = amount,
                PerSecond = perSecond,
                ToFault = toFault,
                AmountFault = amountFault,
            });
            return;
        }
        var payment = await desk.StartAsync(pointer, payee, units, perSecond, Moment);
        SeeOther(context, "/?payment=" + payment.Id);
    }

    public async Task StopAsync(HttpContext context)
    {
        if (!await IsOwnFormAsync(context)) return;
        var id = (await context.Request.ReadFormAsync(context.RequestAborted))["id"].ToString();
        await desk.StopAsync(id);
        SeeOther(context, "/?payment=" + Uri.EscapeDataString(id));
    }

    public async Task RefillAsync(HttpContext context)
    {
        if (!await IsOwnFormAsync(context)) return;
        store.Books.FillUp(Holder.Visitor, settings.StartingBalance);
        SeeOther(context, "/");
    }

    // CSRF: apps on this machine share the wallet's site; only forms of its own origin may spend.
    private async ValueTask<bool> IsOwnFormAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin == settings.WalletOrigin && request.HasFormContentType) return true;
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsync($"Only forms of {settings.WalletOrigin} itself are taken (Origin header).",
            context.RequestAborted);
        return false;
    }

    private static void SeeOther(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = location;
    }

    private WalletView View(string nonce) => new()
    {
        Nonce = nonce,
        Balance = money.FormatWithCode(store.Books.BalanceOf(Holder.Visitor)),
        PassedOn = money.FormatWithCode(store.Books.BalanceOf(Holder.Gateway)),
        Received = money.FormatWithCode(store.Books.BalanceOf(Holder.Host)),
        Code = money.Code,
        Payments = [.. store.History.All.Select(Line)],
    };

    private PaymentView Line(Payment payment) => new()
    {
        Id = payment.Id,
        To = payment.Pointer,
        PageUrl = Payee.TryRead(payment.Pointer, settings, out var payee) && Loopback.IsOurs(payee.Host, settings) ? PageOf(payee) : null,
        Sent = money.FormatWithCode(payment.Sent),
        Rate = payment.PerSecond ? money.FormatWithCode(payment.Amount) : null,
        At = payment.StartedAt.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        Running = payment.State == PaymentState.Running,
        Failed = payment.State == PaymentState.Failed,
        Trouble = payment.Trouble,
    };

    // An app has a page of its own; a deploy token's account is shown on the host's page.
    private string PageOf(PaymentPointer payee)
    {
        var origin = settings.WalletOrigin.Replace("://wallet." + settings.Domain, "://" + payee.Host, StringComparison.Ordinal);
        return payee.Host == settings.Domain ? $"{origin}/?account={Payee.AccountOf(payee, settings)}" : origin + "/";
    }

    private async Task WriteAsync(HttpContext context, int status, Func<string, WalletView> view)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["View"] = view(nonce) });
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<WalletPage>(parameters)).ToHtmlString());
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src 'self'; base-uri "
                + "'none'; form-action 'self'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        // Not no-referrer: under that, browsers send their forms with Origin: null.
        response.Headers["Referrer-Policy"] = "same-origin";
        await response.WriteAsync(html, context.RequestAborted);
    }
}
