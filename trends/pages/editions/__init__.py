"""Published editions: figures that never change, to be cited."""
