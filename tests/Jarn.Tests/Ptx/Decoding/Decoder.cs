namespace Jarn.Tests.Ptx;

/// <summary>Makes a program of a kernel's text. The other parts of the class decode the instructions, a file for a section of the PTX ISA.</summary>
internal sealed partial class Decoder
{
    private readonly EntrySyntax _entry;
    private readonly RegisterFile _registers = new();

    // Offsets in shared or local memory.
    private readonly Dictionary<string, int> _variables = [];
    private readonly Dictionary<string, int> _parameters = [];
    private readonly List<(int Start, int Bytes)> _sharedVariables = [];
    private readonly int _parameterBytes;
    private int _sharedBytes = SharedMemory.RedZone;
    private int _localBytes;
    private int _smallestSharedAccess = sizeof(ulong);

    private Statement _statement = null!;

    public Decoder(EntrySyntax entry)
    {
        _entry = entry;
        foreach ((string name, int bytes) in entry.Parameters)
        {
            _parameters[name] = _parameterBytes;
            _parameterBytes += bytes;
        }
    }

    public PtxProgram Decode()
    {
        // What a loop's body declares is declared once.
        foreach (BodyItem item in _entry.Body)
        {
            Declare(item);
        }
        Block[] blocks = Blocks();
        return new PtxProgram
        {
            Name = _entry.Name,
            ParameterBytes = _parameterBytes,
            Registers = _registers,
            InitialRegisters = _registers.Initial(),
            Blocks = blocks,
            SharedVariables = _sharedVariables,
            SharedBytes = _sharedBytes,
            SmallestSharedAccess = _smallestSharedAccess,
            LocalBytes = _localBytes,
        };
    }

    private void Declare(BodyItem item)
    {
        switch (item)
        {
            case RegisterItem register:
                _registers.Declare(register);
                break;
            case VariableItem { Space: ".shared" } variable:
                int start = AlignUp(_sharedBytes, Math.Max(variable.Alignment, sizeof(uint)));
                _variables.Add(variable.Name, start);
                _sharedVariables.Add((start, variable.Bytes));
                _sharedBytes = AlignUp(start + variable.Bytes, sizeof(uint)) + SharedMemory.RedZone;
                break;
            case VariableItem variable:
                _localBytes = AlignUp(_localBytes, variable.Alignment);
                _variables.Add(variable.Name, _localBytes);
                _localBytes += variable.Bytes;
                break;
        }
    }

    private Block[] Blocks()
    {
        List<Block> blocks = [];
        List<(Block From, string Label)> branches = [];
        Dictionary<string, int> labels = [];
        List<Instruction> pending = [];
        foreach (BodyItem item in _entry.Body)
        {
            if (item is LabelItem label)
            {
                if (pending.Count > 0)
                {
                    End(new FallThrough());
                }
                labels[label.Name] = blocks.Count;
            }
            else if (item is Statement statement)
            {
                _statement = statement;
                Instruction instruction = Decode(new Opcode(statement.Opcode));
                if (instruction is ControlInstruction control)
                {
                    End(control);
                    if (control is Branch)
                    {
                        branches.Add((blocks[^1], Name(statement.Operands[0])));
                    }
                }
                else
                {
                    pending.Add(instruction);
                }
            }
        }
        // A kernel may end without ret, and a label may stand at its end.
        End(new Return());
        foreach ((int index, Block block) in blocks.Index())
        {
            block.Next = block.End.HasNext ? index + 1 : -1;
        }
        foreach ((Block from, string label) in branches)
        {
            from.Target = labels.TryGetValue(label, out int target) ? target : throw new PtxException($"there is no label {label}");
        }
        return BlockOrder.Of(blocks);

        void End(ControlInstruction end)
        {
            blocks.Add(new Block([.. pending], end));
            pending.Clear();
        }
    }

    private Instruction Decode(Opcode opcode)
    {
        Instruction instruction = DecodeControl(opcode) ?? DecodeArithmetic(opcode) ?? DecodeComparison(opcode) ?? DecodeConversion(opcode)
            ?? DecodeData(opcode) ?? DecodeWarp(opcode) ?? throw opcode.Unknown();
        opcode.RequireEnd();
        instruction.Text = _statement.Text;
        if (_statement.Guard is NameOperand guard)
        {
            (instruction.Guard, instruction.GuardIsNegated) = (Predicate(guard), guard.Negated);
        }
        return instruction;
    }

    private ControlInstruction? DecodeControl(Opcode opcode)
    {
        switch (opcode.Name)
        {
            case "bra":
                return new Branch(opcode.Take("uni"));
            case "ret" or "exit":
                opcode.Take("uni");
                return new Return();
            case "bar" or "barrier" when !opcode.Has("warp") && opcode.Take("sync"):
                opcode.Take("cta");
                opcode.Take("aligned");
                // Another barrier, or one of fewer threads, is no barrier of the whole group.
                return _statement.Operands is [LiteralOperand { Value: 0 }] ? new Barrier() : null;
            default:
                return null;
        }
    }

    /// <summary>A generic class of instructions, closed over the types that compute it.</summary>
    private static Instruction Create(Type definition, Type[] types, params object?[] arguments) =>
        (Instruction)Activator.CreateInstance(definition.MakeGenericType(types), arguments)!;

    private static int AlignUp(int value, int alignment) => (value + alignment - 1) / alignment * alignment;
}
