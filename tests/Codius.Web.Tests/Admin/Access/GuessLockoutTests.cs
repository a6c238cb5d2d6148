using System.Net;
using Codius.Testing;
using Codius.Web.Admin.Access;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Access;

/// <summary>Who guesses tokens is slowed down and locked out; nobody else is.</summary>
public sealed class GuessLockoutTests : IDisposable
{
    private static readonly IPAddress Guesser = IPAddress.Parse("203.0.113.1");

    private readonly FakeTimeProvider _time = new();
    private readonly CapturedLog _log = new();
    private readonly LoggerFactory _logs;
    private readonly LiveGateways _gateways = new();
    private readonly GuessLockout _lockout;

    public GuessLockoutTests()
    {
        _logs = new LoggerFactory([_log]);
        _lockout = new GuessLockout(_time, _gateways, _logs.CreateLogger<GuessLockout>());
    }

    public void Dispose()
    {
        _logs.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void After_ten_wrong_tokens_each_further_one_doubles_the_wait_up_to_a_quarter_of_an_hour()
    {
        Guess(Guesser, 0, GuessLockout.FreeGuesses);
        Assert.Null(_lockout.WaitOf(Guesser));
        Assert.Empty(_log.Lines);

        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            Guess(Guesser, 100 + i, 1);
            waits.Add(_lockout.WaitOf(Guesser)!.Value.TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900], waits);
        Assert.Equal(12, _log.Lines.Count(line => line.Contains("203.0.113.1", StringComparison.Ordinal)));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(_lockout.WaitOf(Guesser));
    }

    [Fact]
    public void Other_clients_are_not_locked_out_but_all_networks_of_one_subscriber_are()
    {
        var (one, beside, other) =
            (IPAddress.Parse("2001:db8:1:1::1"), IPAddress.Parse("2001:db8:1:2::2"), IPAddress.Parse("2001:db8:2:1::1"));
        Guess(one, 0, GuessLockout.FreeGuesses + 1);

        Assert.NotNull(_lockout.WaitOf(one));
        Assert.NotNull(_lockout.WaitOf(beside));
        Assert.Null(_lockout.WaitOf(other));
        Assert.Null(_lockout.WaitOf(Guesser));
    }

    [Fact]
    public void A_program_that_goes_on_with_a_revoked_token_guesses_once()
    {
        for (var i = 0; i < 1_000; i++) Guess(Guesser, 7, 1);

        Assert.Null(_lockout.WaitOf(Guesser));
    }

    [Fact]
    public void Of_several_gateways_each_allows_its_share_and_an_hour_later_all_is_forgotten()
    {
        _gateways.Count = 5;
        Guess(Guesser, 0, 3);
        Assert.NotNull(_lockout.WaitOf(Guesser));

        _time.Advance(TimeSpan.FromMinutes(61));
        Guess(Guesser, 10, 2);

        Assert.Null(_lockout.WaitOf(Guesser));
    }

    [Theory]
    [InlineData('a', AdminToken.LengthBeyondGuesses, true)]
    [InlineData('a', AdminToken.LengthBeyondGuesses - 1, false)]
    [InlineData('x', 2 * AdminToken.LengthBeyondGuesses, false)]
    public async Task Guesses_lock_out_the_owner_at_their_address_unless_the_token_of_the_settings_is_of_many_hexadecimal_digits(
        char each, int length, bool works)
    {
        var token = new string(each, length);
        using var tokens = new AdminTokens(null!, _time);
        var authentication = new AdminAuthentication(
            new AdminToken(Options.Create(new AdminOptions { Token = token }), null!), tokens, _lockout, _time);
        Guess(Guesser, 0, GuessLockout.FreeGuesses + 1);

        Assert.Equal(works, (await authentication.OfTokenAsync(token, Guesser)).Admin is not null);
        Assert.Equal(429, (await authentication.OfTokenAsync("a guess", Guesser)).Refusal!.Status);
    }

    private void Guess(IPAddress client, int first, int count)
    {
        for (var i = first; i < first + count; i++) _lockout.Guessed(client, AdminToken.Hash($"guess {i}"));
    }
}
