using System.Text;
using QRCoder;

namespace Codius.Web.Pages.Rendering;

/// <summary>Draws text as a QR code: one SVG path, dark on white in both colour schemes, as scanners need it.</summary>
public sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
        {
            for (var x = 0; x < data.ModuleMatrix[y].Length; x++)
            {
                if (!data.ModuleMatrix[y][x]) continue;
                var start = x;
                while (x + 1 < data.ModuleMatrix[y].Length && data.ModuleMatrix[y][x + 1]) x++;
                path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{start} {y}h{x - start + 1}v1H{start}z");
            }
        }
        return new QrCode(data.ModuleMatrix.Count, path.ToString());
    }
}
