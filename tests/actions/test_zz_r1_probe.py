import sys, os, pytest
sys.path.insert(0, "/tmp/r1")
@pytest.mark.parametrize("seed", range(int(os.environ.get("R1_FROM", 0)), int(os.environ.get("R1_TO", 8))))
def test_life(house, people, tmp_path, seed):
    import life
    found, log = life.live(house, people, tmp_path, seed, int(os.environ.get("R1_STEPS", 40)))
    if found:
        import pprint
        pytest.fail(pprint.pformat(found, width=150))
