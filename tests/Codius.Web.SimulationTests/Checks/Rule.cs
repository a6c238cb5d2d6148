using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Codius.Web.SimulationTests.Checks;

/// <summary>Checks a rule.</summary>
internal static class Rule
{
    public static void Holds(
        [DoesNotReturnIf(false)] bool holds, string rule, [InterpolatedStringHandlerArgument(nameof(holds))] FailureText details)
    {
        if (!holds) throw new BrokenRuleException($"{rule}: {details.ToString()}");
    }

    /// <summary>Formats only for a failure: rules are checked a million times.</summary>
    [InterpolatedStringHandler]
    public ref struct FailureText
    {
        private DefaultInterpolatedStringHandler _text;

        public FailureText(int literalLength, int formattedCount, bool holds, out bool formats)
        {
            formats = !holds;
            _text = holds ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
