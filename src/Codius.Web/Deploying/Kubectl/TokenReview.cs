using System.Text.Json.Serialization;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The API server's question who sent a bearer token, and its answer (authentication.k8s.io, v1 and v1beta1 alike).</summary>
internal sealed record TokenReview(string? ApiVersion, string? Kind, TokenReviewSpec? Spec = null, TokenReviewStatus? Status = null)
{
    public override string ToString() => $"{ApiVersion} {Kind}";
}

/// <summary>The token as it came.</summary>
internal sealed record TokenReviewSpec(string? Token)
{
    public override string ToString() => "***";
}

/// <summary>Who it is; or why nobody, which is the one thing the API server does not remember.</summary>
internal sealed record TokenReviewStatus(bool Authenticated, TokenUser? User = null, string? Error = null);

/// <summary>A user of the cluster.</summary>
internal sealed record TokenUser(string Username, string Uid, IReadOnlyList<string> Groups);

/// <summary>The JSON of it.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenReview))]
internal sealed partial class TokenReviewJson : JsonSerializerContext;
