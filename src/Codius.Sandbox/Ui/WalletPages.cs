using System.Globalization;
using Codius.Sandbox.Granting;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Http;

namespace Codius.Sandbox.Ui;

/// <summary>Renders the wallet's page and handles its forms.</summary>
internal sealed class WalletPages(
    StateStore store, PaymentDesk desk, PlayMoney money, VisitorAddress wallet, SandboxSettings settings, PageWriter pages)
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
        if (!await pages.IsOwnFormAsync(context)) return;
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
        PageWriter.SeeOther(context, "/?payment=" + payment.Id);
    }

    public async Task StopAsync(HttpContext context)
    {
        if (!await pages.IsOwnFormAsync(context)) return;
        var id = (await context.Request.ReadFormAsync(context.RequestAborted))["id"].ToString();
        await desk.StopAsync(id);
        PageWriter.SeeOther(context, "/?payment=" + Uri.EscapeDataString(id));
    }

    public async Task RefillAsync(HttpContext context)
    {
        if (!await pages.IsOwnFormAsync(context)) return;
        store.Books.FillUp(Holder.Visitor, settings.StartingBalance);
        PageWriter.SeeOther(context, "/");
    }

    private WalletView View(string nonce) => new()
    {
        Nonce = nonce,
        Balance = money.FormatWithCode(store.Books.BalanceOf(Holder.Visitor)),
        PassedOn = money.FormatWithCode(store.Books.BalanceOf(Holder.Gateway)),
        Received = money.FormatWithCode(store.Books.BalanceOf(Holder.Host)),
        Code = money.Code,
        Address = wallet.Id,
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

    private Task WriteAsync(HttpContext context, int status, Func<string, WalletView> view) =>
        pages.WriteAsync<WalletPage, WalletView>(context, status, view);
}
