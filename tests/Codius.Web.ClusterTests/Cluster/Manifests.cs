namespace Codius.Web.ClusterTests.Cluster;

/// <summary>Manifests as developers write them.</summary>
internal static class Manifests
{
    /// <summary>samples/Hello with a secret; a different version is a different hash.</summary>
    public static string Hello(
        string name, string version = "1", string image = TestCluster.Image, string secret = "a secret text") => $$"""
        apiVersion: core.codius.org/v1alpha1
        kind: Service
        metadata:
          name: {{name}}
        spec:
          containers:
            - name: app
              image: {{image}}
              env:
                - name: VERSION
                  value: "{{version}}"
                - name: KEY
                  valueFrom:
                    secretKeyRef: {key: key}
        secretData:
          key: {{secret}}
          nonce: "0123456789"
        """;
}
