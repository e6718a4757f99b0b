namespace Jarn.Tests.Ptx;

/// <summary>Moves, loads, stores and asynchronous copies.</summary>
internal sealed partial class Decoder
{
    /// <summary>What says how caches are to be used, or how weakly accesses are ordered: nothing that a race-free kernel could notice.</summary>
    private static readonly string[] CacheModifiers =
    [
        "ca", "cg", "cs", "lu", "cv", "wb", "wt", "nc", "weak", "volatile", "L1::no_allocate", "L1::evict_first", "L1::evict_last", "L2::64B",
        "L2::128B", "L2::256B", "aligned",
    ];

    private Instruction? DecodeData(Opcode opcode) => opcode.Name switch
    {
        "mov" => DecodeMove(opcode),
        "cvta" => DecodeAddressCast(opcode),
        "ld" => opcode.Take("param") ? DecodeLoadParameter(opcode) : DecodeAccess(opcode, typeof(Load<,,>), data: 0, address: 1),
        "st" => DecodeAccess(opcode, typeof(Store<,,>), data: 1, address: 0),
        "cp" when opcode.Take("async") => DecodeCopy(opcode),
        _ => null,
    };

    private Instruction DecodeMove(Opcode opcode)
    {
        string type = opcode.TakeType();
        if (type == "pred")
        {
            PredicateSource source = PredicateSource(1);
            return new CombinePredicates(Predicate(Operand(0)), source, source, (x, _) => x);
        }
        int bytes = PtxType.Bytes(type);
        if (Operand(0) is VectorOperand results)
        {
            int part = bytes / results.Elements.Length;
            return Create(typeof(Unpack<,>), [PtxType.Unsigned(part), PtxType.Unsigned(bytes)],
                results.Elements.Select(element => Destination(element, part)).ToArray(), Source(1, bytes));
        }
        if (Operand(1) is VectorOperand parts)
        {
            int part = bytes / parts.Elements.Length;
            return Create(typeof(Pack<,>), [PtxType.Unsigned(part), PtxType.Unsigned(bytes)],
                Destination(0, bytes), parts.Elements.Select(element => Source(element, part)).ToArray());
        }
        return Move(bytes, Source(1, bytes));
    }

    private Instruction Move(int bytes, Register source) =>
        Create(typeof(Unary<,,>), [PtxType.Unsigned(bytes), PtxType.Unsigned(bytes), typeof(Same<>).MakeGenericType(PtxType.Unsigned(bytes))],
            Destination(0, bytes), source);

    /// <summary>cvta.space makes a generic address, cvta.to.space one in the space.</summary>
    private Instruction? DecodeAddressCast(Opcode opcode)
    {
        bool fromGeneric = opcode.Take("to");
        int bytes = PtxType.Bytes(opcode.TakeType());
        ulong? window = opcode.TakeOneOf("global", "shared", "local") switch
        {
            "global" => 0,
            "shared" => GenericSpace.SharedWindow,
            "local" => GenericSpace.LocalWindow,
            _ => null,
        };
        if (window is not ulong start || bytes != sizeof(ulong))
        {
            return null;
        }
        Type operation = (fromGeneric ? typeof(Subtract<>) : typeof(Add<>)).MakeGenericType(typeof(ulong));
        return Create(typeof(Binary<,,,>), [typeof(ulong), typeof(ulong), typeof(ulong), operation],
            Destination(0, bytes), Source(1, bytes), _registers.Literal(start, bytes));
    }

    private Instruction DecodeAccess(Opcode opcode, Type definition, int data, int address)
    {
        string? spaceName = opcode.TakeOneOf("global", "shared", "local");
        Type space = spaceName switch
        {
            "global" => typeof(GlobalSpace),
            "shared" => typeof(SharedSpace),
            "local" => typeof(LocalSpace),
            _ => typeof(GenericSpace),
        };
        (Register[] registers, Type element, int elementBytes) = Data(opcode, data);
        if (spaceName is "shared" or null)
        {
            _smallestSharedAccess = Math.Min(_smallestSharedAccess, elementBytes);
        }
        return Create(definition, [space, element, PtxType.Unsigned(registers[0].Bytes)], registers, AddressOf(address));
    }

    private Instruction DecodeLoadParameter(Opcode opcode)
    {
        (Register[] registers, Type element, int elementBytes) = Data(opcode, 0);
        if (Operand(1) is not AddressOperand { Start: NameOperand name, Offset: long offset } || !_parameters.TryGetValue(name.Name, out int start))
        {
            throw new PtxException($"'{_statement.Text}' reads no parameter of the kernel");
        }
        int at = start + (int)offset, bytes = elementBytes * registers.Length;
        return at + bytes <= _parameterBytes && at % bytes == 0
            ? Create(typeof(LoadParameter<,>), [element, PtxType.Unsigned(registers[0].Bytes)], registers, at)
            : throw new PtxException($"'{_statement.Text}' is misaligned or reads beyond the parameters' {_parameterBytes} bytes");
    }

    /// <summary>The registers of a load or store, which may be wider than the elements, and these; floats are moved as bits.</summary>
    private (Register[] Registers, Type Element, int ElementBytes) Data(Opcode opcode, int operand)
    {
        string type = opcode.TakeType();
        int bytes = PtxType.Bytes(type), count = opcode.TakeOneOf("v2", "v4") switch { "v2" => 2, "v4" => 4, _ => 1 };
        while (opcode.TakeOneOf(CacheModifiers) is not null)
        {
        }
        Register[] registers =
        [
            .. Elements(Operand(operand)).Select(element => element is LiteralOperand ? Source(element, bytes) : Declared(Name(element))),
        ];
        return registers.Length == count && registers.All(register => register.Bytes >= bytes && register.Bytes == registers[0].Bytes)
            ? (registers, type[0] == 's' ? PtxType.Clr(type) : PtxType.Unsigned(bytes), bytes) : throw WrongSize(_statement.Text);
    }

    private Instruction? DecodeCopy(Opcode opcode)
    {
        if (opcode.Take("commit_group"))
        {
            return new OrderCopies((copies, lanes) => copies.Commit(lanes));
        }
        if (opcode.Take("wait_group"))
        {
            int groups = (int)((LiteralOperand)Operand(0)).Value;
            return new OrderCopies((copies, lanes) => copies.WaitForAllBut(groups, lanes));
        }
        if (opcode.Take("wait_all"))
        {
            return new OrderCopies((copies, lanes) => copies.WaitForAll(lanes));
        }
        bool bypasses = opcode.Take("cg");
        int bytes = Operand(2) is LiteralOperand literal ? (int)literal.Value : 0;
        // .cg copies 16 bytes only.
        if (!(bypasses || opcode.Take("ca")) || !opcode.Take("shared") || !opcode.Take("global") || !(bytes == 16 || (!bypasses && bytes is 4 or 8)))
        {
            return null;
        }
        opcode.TakeOneOf("L2::64B", "L2::128B", "L2::256B");
        Register? sourceBytes = _statement.Operands.Length > 3 ? Source(3, sizeof(uint)) : null;
        return new CopyAsync(AddressOf(0), AddressOf(1), bytes, sourceBytes);
    }
}
