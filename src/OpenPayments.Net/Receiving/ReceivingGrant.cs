using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Receiving;

/// <summary>The grant for all incoming payments of one wallet: one token at a time, which all callers share.</summary>
internal sealed class ReceivingGrant(WalletCalls calls, ClientIdentity client, PayerWallet wallet, TimeProvider time)
{
    // Some wallets answer a payment that has ended as they answer a bad token. Many payments that end must not ask for a grant each.
    private static readonly TimeSpan BetweenVainRequests = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<WalletAnswer<GrantToken>>? _last;
    private long? _vainAt;
    private volatile int _form;

    /// <summary>True if this is the grant of the wallet, as its document names it now.</summary>
    public bool IsOf(PayerWallet other) => other.Id == wallet.Id && other.AuthServer == wallet.AuthServer;

    /// <summary>A token; a request for one is not cancelled by the callers that wait for it.</summary>
    /// <param name="refused">One that the wallet has just refused; null for none.</param>
    public Task<WalletAnswer<GrantToken>> GetAsync(GrantToken? refused = null)
    {
        lock (_lock)
        {
            if (_last is { IsCompleted: false } running) return running;
            // No request throws; should one ever, the next caller asks again.
            if (_last is not { IsCompletedSuccessfully: true } done || done.Result.Value is not { } token || token == refused)
                return _last = RequestAsync();
            return token.IsOld(time) ? _last = RotateAsync(token) : done;
        }
    }

    /// <summary>True if a new grant may help against a token's refusal: the last one was not given in vain just now.</summary>
    public bool MayHelp(GrantToken refused)
    {
        lock (_lock)
        {
            return _last is not { IsCompletedSuccessfully: true } || _last.Result.Value != refused
                || _vainAt is not { } vain || time.GetElapsedTime(vain) >= BetweenVainRequests;
        }
    }

    /// <summary>A token was refused at once: it was not the last one's fault.</summary>
    public void WasInVain()
    {
        lock (_lock) _vainAt = time.GetTimestamp();
    }

    private async Task<WalletAnswer<GrantToken>> RequestAsync()
    {
        var (answer, isDoubted) = await RequestAsync(_form);
        if (!isDoubted || client.Forms == 1) return answer;
        var form = 1 - _form;
        var (other, isDoubtedToo) = await RequestAsync(form);
        if (other.IsGood) _form = form;
        // The first refusal is of the form that worked before, or of the better one: it says more.
        return isDoubtedToo ? answer : other;
    }

    private async Task<(WalletAnswer<GrantToken> Answer, bool IsDoubted)> RequestAsync(int form)
    {
        var access = new JsonObject
        {
            ["type"] = "incoming-payment",
            ["actions"] = new JsonArray("create", "read", "complete"),
            ["identifier"] = wallet.Id,
        };
        var body = new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = new JsonArray(access) },
            ["client"] = client.ToJson(form),
        };
        var requestedAt = time.GetTimestamp();
        var response = await calls.PostAsync(wallet.AuthServer, body, null, CancellationToken.None);
        if (response.Fault != WalletFault.None)
        {
            var isRefused = response.Fault == WalletFault.Refused;
            return (WalletAnswer<GrantToken>.Failed(isRefused ? WalletFault.NotGranted : response.Fault, response),
                isRefused && ClientIdentity.IsDoubted(response.Status, response.Json));
        }
        // Nobody is here to consent.
        if (Json.Member(response.Json, "interact") is { ValueKind: not JsonValueKind.Null })
            return (WalletAnswer<GrantToken>.Failed(WalletFault.NotGranted, response), false);
        return (GrantToken.Read(response.Json, requestedAt) is { } token
            ? WalletAnswer<GrantToken>.Of(token)
            : WalletAnswer<GrantToken>.Failed(WalletFault.NotAWallet, response), false);
    }

    // Whatever keeps the wallet from rotating it, such as an answer that was lost: the token may be dead now, so a new grant is requested.
    private async Task<WalletAnswer<GrantToken>> RotateAsync(GrantToken old)
    {
        if (old.Manage is null) return await RequestAsync();
        var requestedAt = time.GetTimestamp();
        var response = await calls.SendAsync(HttpMethod.Post, old.Manage, old.Text, CancellationToken.None);
        return response.Fault == WalletFault.None && GrantToken.Read(response.Json, requestedAt) is { } token
            ? WalletAnswer<GrantToken>.Of(token)
            : await RequestAsync();
    }
}
