using System.Text.RegularExpressions;

namespace Jarn.Tests.Ptx;

/// <summary>PTX text cut into words (PTX ISA, "Syntax"): opcodes and special registers keep their dots.</summary>
internal sealed class Tokens
{
    private static readonly Regex Pattern = new(
        """
        //[^\n]*|/\*.*?\*/|\s+|
        (?<token>0[fF][0-9a-fA-F]{8}\b|0[dD][0-9a-fA-F]{16}\b|0[xX][0-9a-fA-F]+U?|[0-9]+(\.[0-9]+)?U?|"[^"]*"|
            \.?[%$_A-Za-z][\w$.]*(::\w+)*|[{}()\[\],;:@!|+\-<>=])|
        (?<stray>.)
        """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.Compiled);

    private readonly string _text;
    private readonly List<(string Text, int Start)> _tokens = [];
    private int _next;

    public Tokens(string text)
    {
        _text = text;
        foreach (Match match in Pattern.Matches(text))
        {
            if (match.Groups["stray"].Success)
            {
                throw new PtxException($"the PTX has a stray '{match.Value}' in line {text.AsSpan(0, match.Index).Count('\n') + 1}");
            }
            if (match.Groups["token"].Success)
            {
                _tokens.Add((match.Value, match.Index));
            }
        }
    }

    public bool AtEnd => _next == _tokens.Count;

    public string Peek => AtEnd ? "" : _tokens[_next].Text;

    /// <summary>Of the next token, in the text.</summary>
    public int Position => AtEnd ? _text.Length : _tokens[_next].Start;

    public string Take() => AtEnd ? throw new PtxException("the PTX ends in the middle of a statement") : _tokens[_next++].Text;

    public bool TryTake(string token)
    {
        bool there = Peek == token;
        _next += there ? 1 : 0;
        return there;
    }

    public void Expect(string token)
    {
        if (!TryTake(token))
        {
            throw new PtxException($"line {_text.AsSpan(0, Position).Count('\n') + 1} of the PTX has '{Peek}' where '{token}' was expected");
        }
    }

    /// <summary>The text since a position, its white space made single blanks.</summary>
    public string TextFrom(int start) => Regex.Replace(_text[start.._tokens[_next - 1].Start], @"\s+", " ").Trim();
}
