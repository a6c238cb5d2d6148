using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Steering;

/// <summary>The bounds of what may be set for an app.</summary>
internal static class SteeringRules
{
    private const int MaxWords = 300;

    /// <summary>What visitors read if the owner gives no words.</summary>
    public const string UsualWords = "The owner of this host has blocked the app.";

    /// <summary>The fault of the words that visitors get; null for none. They are plain text, whatever they look like.</summary>
    public static string? FaultOfWords(string words) => PresentationRules.FaultOfText(words, MaxWords);

    /// <summary>The fault of a price of requests; null for none. A page and its assets must fit into an account.</summary>
    public static string? FaultOfPrice(ulong units, Prices prices) =>
        units <= prices.MostPerRequest ? null
            : $"must be at most {prices.MostPerRequest} units: a page of 20 requests must fit into an account";

    /// <summary>The fault of a cap; null for none.</summary>
    public static string? FaultOfCap(ulong units) => units <= Asset.MaxAmount ? null : $"must be at most {Asset.MaxAmount} units";
}
