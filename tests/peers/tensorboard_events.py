"""The scalars that TensorBoard itself reads from a file of events: a line for each, its step, its tag and its float32's bits in hexadecimal.

Usage: tensorboard_events.py FILE
"""
import struct
import sys

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader


def main():
    for event in EventFileLoader(sys.argv[1]).Load():
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == "scalars":
                (number,) = value.tensor.float_val
                print(event.step, value.tag, struct.pack(">f", number).hex())


if __name__ == "__main__":
    main()
