using System.Net;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Rates;
using Codius.Web.Pages;
using Codius.Web.Pages.Following;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.ColdStart;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Hosting.Rates;

/// <summary>Whatever one party holds, all networks of a /48 or all apps of an owner, it keeps nobody else out.</summary>
public sealed class SharedPlacesTests
{
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void Event_streams()
    {
        var slots = new StreamSlots(Options.Create(new PageOptions()), new LiveGateways());
        for (var i = 0; i < 10_000; i++) slots.TryReserve(Of48(i), out _);

        Assert.InRange(slots.Open, 5_000, 5_001);
        Assert.Equal(SlotOutcome.TooManyOfClient, slots.TryReserve(Of48(0), out _));
        Assert.Equal(50, Enumerable.Range(0, 100).Count(_ => slots.TryReserve(Other, out var _) == SlotOutcome.Reserved));
    }

    [Fact]
    public void Requests_that_wait_for_their_turn()
    {
        var waiting = new WaitingClients(Options.Create(new ClientLimitOptions()), new LiveGateways());

        Assert.Equal(5_001, Enumerable.Range(0, 10_000).Count(i => waiting.TryEnter(ClientNetwork.Of(Of48(i)))));
        Assert.Equal(100, Enumerable.Range(0, 300).Count(_ => waiting.TryEnter(ClientNetwork.Of(Other))));
        waiting.Leave(ClientNetwork.Of(Other));
        Assert.True(waiting.TryEnter(ClientNetwork.Of(Other)));
    }

    [Fact]
    public void Requests_of_one_client_that_wait_for_an_app_to_wake()
    {
        var room = Room();

        Assert.Equal(51, Enumerable.Range(0, 100).Count(i => room.TryEnter(App("hello"), ClientNetwork.Of(Of48(i)))));
        Assert.True(room.TryEnter(App("hello"), ClientNetwork.Of(Other)));
    }

    [Fact]
    public void Requests_of_one_client_that_wait_for_many_apps()
    {
        var room = Room();

        Assert.Equal(501, Enumerable.Range(0, 1_000).Count(i => room.TryEnter(App($"app-{i}"), ClientNetwork.Of(Of48(i)))));
        Assert.True(room.TryEnter(App("hello"), ClientNetwork.Of(Other)));
    }

    [Fact]
    public void Requests_of_all_clients_that_wait_for_the_apps_of_one_owner()
    {
        var room = Room();
        var owner = AccountId.OfApp("t-" + new string('a', 52));
        // Two hundred clients, five requests each.
        var entered = Enumerable.Range(0, 1_000).Where(i => room.TryEnter(App($"late-{i % 10}", owner), FromEverywhere(i))).ToArray();

        Assert.Equal(501, entered.Length);
        Assert.True(room.TryEnter(App("hello"), ClientNetwork.Of(Other)));
        room.Leave(App("hello"), ClientNetwork.Of(Other));
        foreach (var i in entered) room.Leave(App($"late-{i % 10}", owner), FromEverywhere(i));
        Assert.Equal(501, Enumerable.Range(0, 1_000).Count(i => room.TryEnter(App($"late-{i % 10}", owner), FromEverywhere(i))));
    }

    private static WaitingRoom Room() => new(Options.Create(new ColdStartOptions()));

    private static HostedApp App(string name, AccountId? owner = null) => new(name, new string('a', 52), "an image", owner);

    private static IPAddress Of48(int i) => IPAddress.Parse($"2001:db8:1:{i:x}::1");

    private static ClientNetwork FromEverywhere(int i) => ClientNetwork.Of(IPAddress.Parse($"198.51.100.{i % 200}"));
}
