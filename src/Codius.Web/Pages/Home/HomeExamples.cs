namespace Codius.Web.Pages.Home;

/// <summary>The commands on the host's page; they work unchanged.</summary>
internal static class HomeExamples
{
    public static string AppUrl(string hostUrl) => hostUrl.Replace("://", "://my-app.", StringComparison.Ordinal) + "/";

    public static string Curl(string hostUrl, string image) =>
        $$$"""
        curl -X PUT {{{hostUrl}}}/services/my-app \
          -H "Authorization: Bearer $CODIUS_TOKEN" \
          -H 'Content-Type: application/json' \
          -d '{"spec":{"containers":[{"name":"web","image":"{{{image}}}"}],"port":8080}}'
        """;

    public static string Kubectl(Uri api, string image) =>
        $$"""
        kubectl --server {{api.GetLeftPart(UriPartial.Authority)}} --token "$CODIUS_TOKEN" apply -f - <<EOF
        apiVersion: core.codius.org/v1alpha1
        kind: Service
        metadata:
          name: my-app
        spec:
          port: 8080
          containers:
            - name: web
              image: {{image}}
        EOF
        """;
}
