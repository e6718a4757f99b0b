namespace Jarn.Tests.Ptx;

internal sealed partial class Decoder
{
    private Operand Operand(int index) => index < _statement.Operands.Length
        ? _statement.Operands[index] : throw new PtxException($"'{_statement.Text}' has too few operands");

    private Register Destination(int index, int bytes) => Destination(Operand(index), bytes);

    private Register Destination(Operand operand, int bytes)
    {
        Register register = Declared(Name(operand));
        return register.Bytes == bytes ? register : throw WrongSize(Name(operand));
    }

    private Register Source(int index, int bytes) => Source(Operand(index), bytes);

    /// <summary>A register, or what is made one: a literal, a special register, a variable's address.</summary>
    private Register Source(Operand operand, int bytes)
    {
        if (operand is LiteralOperand literal)
        {
            return _registers.Literal(literal.Value, bytes);
        }
        string name = Name(operand);
        if (_registers.Find(name) is null && _variables.TryGetValue(name, out int address))
        {
            return _registers.Literal((ulong)address, bytes);
        }
        Register register = _registers.Special(name) ?? Declared(name);
        return register.Bytes == bytes ? register : throw WrongSize(name);
    }

    private Register Predicate(Operand operand)
    {
        Register register = Declared(Name(operand));
        return register.IsPredicate ? register : throw WrongSize(Name(operand));
    }

    private PredicateSource PredicateSource(int index) => Operand(index) switch
    {
        LiteralOperand literal => new PredicateSource(null, false, literal.Value != 0 ? uint.MaxValue : 0),
        NameOperand { Name: var name, Negated: bool negated } => new PredicateSource(Predicate(new NameOperand(name)), negated, 0),
        _ => throw new PtxException($"'{_statement.Text}' lacks a predicate"),
    };

    /// <summary>An address in a register of 32 or 64 bits, a variable or a number, and an offset.</summary>
    private Address AddressOf(int index)
    {
        if (Operand(index) is not AddressOperand address)
        {
            throw new PtxException($"'{_statement.Text}' lacks an address");
        }
        Register start = address.Start is NameOperand name && _registers.Find(name.Name) is Register register
            ? register
            : Source(address.Start, sizeof(ulong));
        return start.Bytes is sizeof(uint) or sizeof(ulong) ? new Address(start, address.Offset) : throw WrongSize(_statement.Text);
    }

    /// <summary>One operand, or those in braces.</summary>
    private static Operand[] Elements(Operand operand) => operand is VectorOperand vector ? vector.Elements : [operand];

    private Register Declared(string name) => _registers.Find(name) ?? throw new PtxException($"'{_statement.Text}': {name} is not declared");

    private string Name(Operand operand) => operand is NameOperand name ? name.Name : throw new PtxException($"'{_statement.Text}' lacks a register");

    private PtxException WrongSize(string name) => new($"'{_statement.Text}': {name} doesn't have the instruction's size");
}
