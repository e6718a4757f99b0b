using System.Globalization;

namespace Jarn.Tests.Ptx;

/// <summary>Reads a module as ILGPU writes it: one .entry, inline PTX among its instructions, no functions beside it.</summary>
internal sealed class Parser
{
    private readonly Tokens _tokens;
    private readonly List<BodyItem> _body = [];

    private Parser(string text) => _tokens = new Tokens(text);

    /// <exception cref="PtxException">The text isn't such a module.</exception>
    public static EntrySyntax Parse(string text) => new Parser(text).Module();

    private EntrySyntax Module()
    {
        EntrySyntax? entry = null;
        while (!_tokens.AtEnd)
        {
            string directive = _tokens.Take();
            switch (directive)
            {
                case ".version" or ".target" or ".address_size":
                    _tokens.Take();
                    break;
                case ".visible":
                    break;
                case ".entry" when entry is null:
                    entry = Entry();
                    break;
                default:
                    throw new PtxException($"a module with '{directive} {_tokens.Peek}': the interpreter runs a single .entry, "
                        + "without functions and variables beside it");
            }
        }
        return entry ?? throw new PtxException("the module has no .entry");
    }

    private EntrySyntax Entry()
    {
        string name = _tokens.Take();
        List<(string Name, int Bytes)> parameters = [];
        if (_tokens.TryTake("("))
        {
            while (!_tokens.TryTake(")"))
            {
                _tokens.Expect(".param");
                VariableItem parameter = Variable(".param");
                parameters.Add((parameter.Name, parameter.Bytes));
                _tokens.TryTake(",");
            }
        }
        // Performance directives: .maxntid, .minnctapersm and their numbers.
        while (_tokens.Peek != "{")
        {
            _tokens.Take();
        }
        Block();
        return new EntrySyntax(name, parameters, _body);
    }

    /// <summary>Names in nested blocks must be new: the interpreter has one scope for a kernel.</summary>
    private void Block()
    {
        _tokens.Expect("{");
        while (!_tokens.TryTake("}"))
        {
            if (_tokens.Peek == "{")
            {
                Block();
            }
            else if (_tokens.Peek.StartsWith('.'))
            {
                Directive();
            }
            else if (!_tokens.TryTake(";"))
            {
                LabelOrInstruction();
            }
        }
    }

    private void Directive()
    {
        string directive = _tokens.Take();
        switch (directive)
        {
            case ".reg":
                string type = _tokens.Take();
                do
                {
                    string name = _tokens.Take();
                    int? count = null;
                    if (_tokens.TryTake("<"))
                    {
                        count = (int)Number(_tokens.Take());
                        _tokens.Expect(">");
                    }
                    _body.Add(new RegisterItem(type, name, count));
                }
                while (_tokens.TryTake(","));
                break;
            case ".shared" or ".local":
                _body.Add(Variable(directive));
                break;
            case ".pragma":
                _tokens.Take();
                break;
            default:
                throw new PtxException($"the directive '{directive}' is unknown to the interpreter");
        }
        _tokens.Expect(";");
    }

    /// <summary>.align 16 .b8 name[4352]</summary>
    private VariableItem Variable(string space)
    {
        int alignment = _tokens.TryTake(".align") ? (int)Number(_tokens.Take()) : 0;
        int elementBytes = PtxType.Bytes(_tokens.Take()[1..]);
        string name = _tokens.Take();
        int count = 1;
        while (_tokens.TryTake("["))
        {
            count *= (int)Number(_tokens.Take());
            _tokens.Expect("]");
        }
        return new VariableItem(space, name, Math.Max(alignment, elementBytes), count * elementBytes);
    }

    private void LabelOrInstruction()
    {
        int start = _tokens.Position;
        NameOperand? guard = null;
        if (_tokens.TryTake("@"))
        {
            bool negated = _tokens.TryTake("!");
            guard = new NameOperand(_tokens.Take(), negated);
        }
        string word = _tokens.Take();
        if (guard is null && _tokens.TryTake(":"))
        {
            _body.Add(new LabelItem(word));
            return;
        }
        List<Operand> operands = [];
        while (_tokens.Peek != ";")
        {
            operands.Add(OperandPair());
            if (_tokens.Peek != ";")
            {
                _tokens.Expect(",");
            }
        }
        _tokens.Expect(";");
        _body.Add(new Statement(guard, word, [.. operands], _tokens.TextFrom(start)));
    }

    private Operand OperandPair()
    {
        Operand first = SingleOperand();
        return _tokens.TryTake("|") ? new PairOperand(first, SingleOperand()) : first;
    }

    private Operand SingleOperand()
    {
        if (_tokens.TryTake("{"))
        {
            List<Operand> elements = [];
            do
            {
                elements.Add(SingleOperand());
            }
            while (_tokens.TryTake(","));
            _tokens.Expect("}");
            return new VectorOperand([.. elements]);
        }
        if (_tokens.TryTake("["))
        {
            Operand start = SingleOperand();
            long offset = 0;
            while (_tokens.Peek is "+" or "-")
            {
                offset += _tokens.Take() == "-" ? -(long)Number(_tokens.Take()) : Signed();
            }
            _tokens.Expect("]");
            return new AddressOperand(start, offset);
        }
        bool negated = _tokens.TryTake("!");
        bool minus = _tokens.TryTake("-");
        string word = _tokens.Take();
        return char.IsAsciiDigit(word[0])
            ? new LiteralOperand(minus ? (ulong)-(long)Number(word) : Number(word))
            : new NameOperand(word, negated);
    }

    /// <summary>[a+-4] is what inline PTX makes of a negative offset.</summary>
    private long Signed() => _tokens.TryTake("-") ? -(long)Number(_tokens.Take()) : (long)Number(_tokens.Take());

    private static ulong Number(string word)
    {
        string digits = word.TrimEnd('U');
        return digits.Length > 1 && digits[0] == '0' && digits[1] is 'x' or 'X' or 'f' or 'F' or 'd' or 'D'
            ? ulong.Parse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : ulong.Parse(digits, CultureInfo.InvariantCulture);
    }
}
