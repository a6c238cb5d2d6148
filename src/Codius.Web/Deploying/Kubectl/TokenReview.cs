using System.Text.Json.Serialization;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The API server's request to authenticate a bearer token, and the response (authentication.k8s.io, v1 or v1beta1).</summary>
internal sealed record TokenReview(string? ApiVersion, string? Kind, TokenReviewSpec? Spec = null, TokenReviewStatus? Status = null)
{
    public override string ToString() => $"{ApiVersion} {Kind}";
}

/// <summary>The token as received.</summary>
internal sealed record TokenReviewSpec(string? Token)
{
    public override string ToString() => "***";
}

/// <summary>The user; or why there is none, which is the one answer the API server does not cache.</summary>
internal sealed record TokenReviewStatus(bool Authenticated, TokenUser? User = null, string? Error = null);

/// <summary>A user of the cluster.</summary>
internal sealed record TokenUser(string Username, string Uid, IReadOnlyList<string> Groups);

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenReview))]
internal sealed partial class TokenReviewJson : JsonSerializerContext;
