using System.Globalization;
using Codius.Sandbox.Money;
using Codius.Sandbox.Receiving;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Sandbox.Ui;

/// <summary>Shows what the host's wallet received, as its owner would see it there.</summary>
internal sealed class HostPages(StateStore store, PlayMoney money, SandboxSettings settings, TimeProvider time, PageWriter pages)
{
    public const string Path = HostWalletServer.Path + "/payments";
    private const int Most = 50;

    public Task ShowAsync(HttpContext context) => pages.WriteAsync<HostPage, HostView>(context, StatusCodes.Status200OK, View);

    private HostView View(string nonce) => new()
    {
        Nonce = nonce,
        Received = money.FormatWithCode(store.Books.BalanceOf(Holder.Host)),
        Address = settings.WalletOrigin + HostWalletServer.Path,
        Payments = [.. store.HostPayments.All.Reverse().Take(Most).Select(Line)],
    };

    private HostPaymentView Line(IncomingPayment payment) => new()
    {
        Received = money.FormatWithCode(payment.ReceivedAmount),
        Metadata = payment.Metadata ?? "",
        At = payment.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        State = payment.Completed ? "completed" : payment.ExpiresAt <= time.GetUtcNow() ? "expired" : "open",
    };
}
