"""Every example in a docstring runs, and shows what it says."""

import doctest
import inspect

import pytest
import staysafe


def documented():
    yield "staysafe", staysafe.__doc__
    yield "staysafe.stats", staysafe.stats.__doc__
    names = [(staysafe, name) for name in staysafe.__all__] + [(staysafe.stats, name) for name in staysafe.stats.__all__]
    for module, name in names:
        thing = getattr(module, name)
        yield name, inspect.getdoc(thing)
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if not member.startswith("__"):
                    yield f"{name}.{member}", inspect.getdoc(value)


PAGES = dict(documented())
PARSER = doctest.DocTestParser()


def test_every_name_has_a_docstring():
    silent = [name for name, text in PAGES.items() if not text and name != "__version__"]
    assert silent == []


@pytest.mark.parametrize("name", [name for name, text in PAGES.items() if ">>>" in (text or "")])
def test_example(name):
    example = PARSER.get_doctest(PAGES[name], {}, name, None, None)
    runner = doctest.DocTestRunner(verbose=False)
    said = []
    assert runner.run(example, out=said.append).failed == 0, "".join(said)


def test_there_are_examples_to_run():
    assert sum(">>>" in (text or "") for text in PAGES.values()) >= 10
