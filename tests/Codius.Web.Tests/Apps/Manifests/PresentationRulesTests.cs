using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Tests.Apps.Manifests;

/// <summary>What an owner may write into the annotations that present an app.</summary>
public sealed class PresentationRulesTests
{
    private const string Png = "data:image/png;base64,";

    [Theory]
    [InlineData(AppAnnotations.Title, "Tea & talk")]
    [InlineData(AppAnnotations.Title, "Übersicht — 茶館")]
    [InlineData(AppAnnotations.Title, "مقهى")]
    [InlineData(AppAnnotations.Title, "The crew 👩‍🚀")]
    [InlineData(AppAnnotations.Title, "<b>text, not markup</b>")]
    [InlineData(AppAnnotations.Description, "Leave a line for whoever sails in next.")]
    [InlineData(AppAnnotations.Icon, Png + "iVBORw0KGgo=")]
    [InlineData(AppAnnotations.Icon, "data:image/svg+xml;base64,PHN2Zy8+")]
    public void Plain_text_and_a_small_picture_present_an_app(string name, string value)
    {
        Assert.Null(PresentationRules.FaultOf(name, value));
        Assert.NotNull(AppPresentation.Of(new Dictionary<string, string> { [name] = value }));
    }

    [Theory]
    [InlineData(AppAnnotations.Title, "")]
    [InlineData(AppAnnotations.Title, " padded")]
    [InlineData(AppAnnotations.Title, "two\nlines")]
    [InlineData(AppAnnotations.Title, "two\u2028lines")]
    [InlineData(AppAnnotations.Title, "turned \u202Eround")]
    [InlineData(AppAnnotations.Title, "hidden\u200Bspace")]
    [InlineData(AppAnnotations.Title, "0123456789012345678901234567890123456789012345678901234567890")]
    [InlineData(AppAnnotations.Description, "a\ttab")]
    [InlineData(AppAnnotations.Icon, "https://elsewhere.example/icon.png")]
    [InlineData(AppAnnotations.Icon, "/icon.png")]
    [InlineData(AppAnnotations.Icon, "data:text/html;base64,AAAA")]
    [InlineData(AppAnnotations.Icon, "data:image/svg+xml,<svg/>")]
    [InlineData(AppAnnotations.Icon, Png + "AAA")]
    [InlineData(AppAnnotations.Icon, Png + "AAAA\n")]
    public void Anything_else_is_refused_when_it_is_deployed_and_left_out_where_it_is_found(string name, string value)
    {
        var annotations = new Dictionary<string, string> { [name] = value };

        Assert.Equal($"annotations.{name}", Assert.Single(PresentationRules.Check("annotations", annotations)).Path);
        Assert.Null(AppPresentation.Of(annotations));
    }

    [Theory]
    [InlineData(AppAnnotations.Title, 60)]
    [InlineData(AppAnnotations.Description, 200)]
    public void A_text_has_a_length(string name, int most)
    {
        Assert.Null(PresentationRules.FaultOf(name, new string('a', most)));
        Assert.Equal($"must have at most {most} characters", PresentationRules.FaultOf(name, new string('a', most + 1)));
    }

    // No attribute can carry it.
    [Fact]
    public void Half_a_character_is_no_text() =>
        Assert.NotNull(PresentationRules.FaultOf(AppAnnotations.Title, "half \uD83D of a character"));

    [Fact]
    public void A_picture_has_a_size()
    {
        var room = 4096 - Png.Length - ((4096 - Png.Length) % 4);

        Assert.Null(PresentationRules.FaultOf(AppAnnotations.Icon, Png + new string('A', room)));
        Assert.NotNull(PresentationRules.FaultOf(AppAnnotations.Icon, Png + new string('A', room + 4)));
    }
}
