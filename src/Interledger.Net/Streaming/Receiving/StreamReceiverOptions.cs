using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>Address, asset, secrets and limits of a <see cref="StreamReceiver"/>.</summary>
public sealed class StreamReceiverOptions
{
    /// <summary>
    /// The receiver's own ILP address; those it issues are this, a dot, and a token. At most 700 characters, to leave room for the token.
    /// </summary>
    public required IlpAddress Address { get; init; }

    /// <summary>The code of the asset that amounts arrive in, such as <c>USD</c>; sent to senders that request it.</summary>
    public required string AssetCode { get; init; }

    /// <summary>A unit is 10^-scale of the asset; 0 to 255.</summary>
    public required byte AssetScale { get; init; }

    /// <summary>The secret for new addresses.</summary>
    public required StreamServerSecret Secret { get; init; }

    /// <summary>Earlier secrets, whose addresses still receive money until they expire.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<StreamServerSecret> PreviousSecrets { get; init; } = [];

    /// <summary>A Prepare with less time left is rejected with R02: crediting it would take longer.</summary>
    /// <value>1 second by default; 0 or more.</value>
    public TimeSpan MinimumWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A Prepare that expires later than this from now is taken as expiring then: its credit must be remembered until its expiry, and a
    /// sender whose clock is ahead is paid for all the same.
    /// </summary>
    /// <value>5 minutes by default; more than <see cref="MinimumWindow"/>.</value>
    public TimeSpan MaximumWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For how many connections the derived keys are cached; they can always be derived again. 0 caches none.</summary>
    /// <value>4,096 by default; at most twice as many are in memory, about 3 KiB each.</value>
    public int CachedConnections { get; init; } = 4096;

    /// <summary>The clock.</summary>
    /// <value>The system's clock by default.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        if (Address.IsEmpty || Address.Length > IlpAddress.MaxLength - 1 - AddressTokens.MaxTextLength)
            throw new ArgumentException("The receiver needs an address that leaves room for a token.", nameof(Address));
        ArgumentNullException.ThrowIfNull(AssetCode);
        ArgumentNullException.ThrowIfNull(Secret);
        ArgumentNullException.ThrowIfNull(PreviousSecrets);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumWindow, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaximumWindow, MinimumWindow);
        ArgumentOutOfRangeException.ThrowIfNegative(CachedConnections);
    }
}
