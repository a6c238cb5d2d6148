using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Codius.Sandbox.Granting;

/// <summary>A grant of the visitor's wallet, from the client's request over its owner's decision to what was paid with it.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="clientName">What the client calls itself.</param>
/// <param name="key">The key that signed the request: every further one must be signed with it.</param>
/// <param name="askedAt">When.</param>
internal sealed class VisitorGrant(GrantRequest request, string clientName, PublicKey key, DateTimeOffset askedAt)
{
    /// <summary>How long the owner may take to decide, and the client to fetch the grant.</summary>
    public static readonly TimeSpan Decision = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private State _state = request.Limit is null ? State.Given : State.Asked;
    private string _reference = "";
    private string _token = NewSecret();
    private DateTimeOffset _tokenEnds = askedAt + TokenLifetime;
    private ulong _spent;

    private enum State
    {
        Asked, Accepted, Refused, Given
    }

    public string Id { get; } = NewSecret();

    /// <summary>The token of the continuation.</summary>
    public string ContinueToken { get; } = NewSecret();

    /// <summary>The wallet's half of the interaction's hash.</summary>
    public string FinishNonce { get; } = NewSecret();

    public GrantRequest Request => request;

    public string ClientName => clientName;

    public PublicKey Key => key;

    /// <summary>The access token; clients have it once the grant is given.</summary>
    public string Token
    {
        get
        {
            lock (_lock) return $"{Id}.{_token}";
        }
    }

    /// <summary>True while its owner may decide.</summary>
    public bool IsAsked(DateTimeOffset now)
    {
        lock (_lock) return _state == State.Asked && now < askedAt + Decision;
    }

    /// <summary>The owner's decision; of two only the first counts.</summary>
    /// <param name="accept">True to consent.</param>
    /// <param name="now">The time.</param>
    /// <param name="reference">What the client fetches the grant with; empty after a refusal.</param>
    public bool TryDecide(bool accept, DateTimeOffset now, out string reference)
    {
        lock (_lock)
        {
            reference = "";
            if (_state != State.Asked || now >= askedAt + Decision) return false;
            _state = accept ? State.Accepted : State.Refused;
            if (accept) reference = _reference = NewSecret();
            return true;
        }
    }

    /// <summary>Gives the grant to the client that shows the reference, once.</summary>
    public bool TryGive(string? reference, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_state != State.Accepted || now >= askedAt + Decision || !IsSame(reference, _reference)) return false;
            _state = State.Given;
            _tokenEnds = now + TokenLifetime;
            return true;
        }
    }

    /// <summary>True if the token is the grant's, and it is given and has not ended.</summary>
    public bool Allows(string token, DateTimeOffset now)
    {
        lock (_lock) return _state == State.Given && now < _tokenEnds && IsSame(token, $"{Id}.{_token}");
    }

    /// <summary>Replaces the token, which may have expired.</summary>
    public bool TryRotate(string token, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_state != State.Given || !IsSame(token, $"{Id}.{_token}")) return false;
            (_token, _tokenEnds) = (NewSecret(), now + TokenLifetime);
            return true;
        }
    }

    /// <summary>Takes units out of what the owner consented to.</summary>
    public bool TrySpend(ulong units)
    {
        lock (_lock)
        {
            if (request.Limit is not { } limit || units > limit - _spent) return false;
            _spent += units;
            return true;
        }
    }

    public static bool IsSame(string? shown, string secret) =>
        shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(secret));

    private static string NewSecret() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
