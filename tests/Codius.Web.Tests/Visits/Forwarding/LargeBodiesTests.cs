using System.Net;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>Measures the memory of the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(LargeBodiesTests), DisableParallelization = true)]
[Collection(nameof(LargeBodiesTests))]
public sealed class LargeBodiesTests
{
    [Fact]
    public async Task A_quarter_of_a_gigabyte_goes_up_and_down_again_without_being_kept()
    {
        const long Size = 256L * 1024 * 1024;
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            var length = context.Request.ContentLength!.Value;
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentLength = length;
            await new Zeros(length).CopyToAsync(context.Response.Body);
        });
        visits.Awake();
        var request = VisitFixture.Request(HttpMethod.Put);
        request.Content = new Zeros(Size);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var answer = await visits.SendAsync(request);
        await using var body = await answer.Content.ReadAsStreamAsync(VisitFixture.Cancellation);
        var buffer = new byte[1024 * 1024];
        long total = 0, most = 0;
        for (int read; (read = await body.ReadAsync(buffer, VisitFixture.Cancellation)) > 0; total += read)
        {
            // Measured rarely: a buffered body would be large by the end.
            if (total / (32 * 1024 * 1024) != (total + read) / (32 * 1024 * 1024))
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(Size, total);
        Assert.InRange(most, long.MinValue, Size / 8);
    }

    private sealed class Zeros(long size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = new byte[64 * 1024];
            for (var left = size; left > 0; left -= piece.Length) await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
