namespace Codius.Web.Pages.Home;

/// <summary>The commands on the host's page, without the line that sets the deploy token; they work unchanged.</summary>
internal static class HomeExamples
{
    public const string AuthorityPath = "/kubernetes-ca.crt";
    private const string AuthorityFile = "codius-ca.crt";

    public static string AppUrl(string hostUrl) => hostUrl.Replace("://", "://my-app.", StringComparison.Ordinal) + "/";

    public static string Curl(string hostUrl, string image) =>
        $$$"""
        curl --fail-with-body -sS -X PUT {{{hostUrl}}}/services/my-app \
          -H "Authorization: Bearer $CODIUS_TOKEN" \
          -H 'Content-Type: application/json' \
          -d '{"spec":{"containers":[{"name":"web","image":"{{{image}}}"}],"port":8080}}' \
          -w '\nHTTP %{http_code}\n' && echo 'Deployed: {{{AppUrl(hostUrl)}}}'
        """;

    /// <summary>
    /// Without the reader's own kubeconfig: it could have a client certificate, which the API server would take instead of the token.
    /// </summary>
    public static string Kubectl(string hostUrl, Uri api, bool ownAuthority, string image) =>
        (ownAuthority ? $"curl -sSf -o {AuthorityFile} {hostUrl}{AuthorityPath}\n" : "")
        + $$"""
        kubectl --kubeconfig=/dev/null --server={{api.GetLeftPart(UriPartial.Authority)}} \
          {{(ownAuthority ? $"--certificate-authority={AuthorityFile} " : "")}}--token="$CODIUS_TOKEN" apply -f - <<EOF
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
